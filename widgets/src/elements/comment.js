import { BLANK, step } from './comment-state.js';
import css from './comment-style.js';
import { keepDraft, recallDraft } from './draft.js';
import { ATTRIBUTES, create, knob, mirror, SaysoElement } from './element.js';
import field from './field-style.js';
import { Field } from './field.js';
import { COMMENT } from './strings.js';

const LOOK = field + css;
const LONGEST = 10_000;

/**
 * One field for what somebody has to say in words. What is typed is kept as a draft of this tab until it is sent.
 *
 * @attr {string} target - **Required.** Your own id of what the comment is about: a message, a task, a session.
 * @attr {string} part - A part of the target.
 * @attr {string} name - What is asked about, such as `accuracy`; in a form, the name of the field as well.
 * @attr {string} actor - Your pseudonymous id of the person. Without it the browser has a random id of its own.
 * @attr {string} session - Your id of the conversation or visit.
 * @attr {string} token - A feedback token signed by your back end.
 * @attr {string} label - The words over the field. Default: `Your comment`.
 * @attr {string} placeholder - An example in the empty field.
 * @attr {string} category - Sent along, such as `idea` or `fault`.
 * @attr {number} maxlength - The most characters that are sent. Default, and most: 10000. Nothing is cut off.
 * @attr {string} draft-key - The name of the draft, where several elements share one.
 * @attr {boolean} required - In a form: it must not be empty.
 * @attr {boolean} disabled - Not usable for now.
 * @attr {boolean} readonly - It can be read, not changed.
 * @attr {boolean} no-exposure - Do not report that it was seen.
 *
 * @prop {string} value - What stands in the field. Setting it makes no event.
 * @prop {object} context - As with `<sayso-thumbs>`; so are `strings` and `client`.
 *
 * @method submit() - Sends what stands in the field.
 * @method clear() - Empties it, and forgets the draft.
 * @method focus() - Goes to the field.
 *
 * @fires sayso-comment - Before it is taken; `preventDefault()` stops it. `detail`: `{target, part, name, text, category}`.
 * @fires sayso-feedback - After it; as with `<sayso-thumbs>`, and so are `sayso-exposure`, `sayso-sent`, `sayso-queued` and `sayso-error`.
 *
 * @csspart base - Around everything.
 * @csspart form - The field and its button.
 * @csspart label - The words over the field.
 * @csspart textarea - The field.
 * @csspart counter - How many characters are left, near the end.
 * @csspart actions - The row of the button.
 * @csspart submit - Send.
 * @csspart again - Write another, after it was sent.
 * @csspart status - The line that is read out and seen: thanks, or what is wrong.
 *
 * @slot disclosure - What becomes of the words, over the button.
 *
 * @cssstate sent - It was sent and thanked for.
 * @cssstate pending - The event is on its way.
 * @cssstate error - The event could not be saved.
 */
export class SaysoComment extends SaysoElement {
  static tag = 'sayso-comment';
  static english = COMMENT;
  static formAssociated = true;
  static observedAttributes = [...ATTRIBUTES, 'label', 'placeholder', 'maxlength', 'draft-key', 'required'];

  surface = 'comment';
  #state = BLANK;
  /** Whether a form around it is disabled. */
  #off = false;
  #field = new Field((text) => this.#do({ type: 'write', text }), () => this.submit(), 'textarea');
  #send = knob('submit', () => this.submit());
  #again = knob('again', () => this.#do({ type: 'again' }));
  #form = create(
    'div',
    { part: 'form' },
    ...this.#field.nodes,
    create('slot', { name: 'disclosure' }),
    create('div', { part: 'actions' }, this.#send),
  );

  constructor() {
    super();
    this.dress(LOOK, create('div', { part: 'base' }, this.#form, this.status, this.#again));
  }

  get value() {
    return this.#state.text;
  }
  set value(text) {
    this.#do({ type: 'write', text: `${text ?? ''}` });
  }

  clear() {
    this.value = '';
  }

  submit() {
    if (!this.#isIdle) this.#do({ type: 'send', max: this.#max });
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    (this.#state.sent ? this.#again : this.#field.area).focus(options);
  }

  formResetCallback() {
    this.clear();
  }

  /** @param {boolean} off */
  formDisabledCallback(off) {
    this.#off = off;
    this.render();
  }

  /** @param {string} draft @param {string} [before] what was typed then belongs to something else, or to somebody else */
  restore(draft, before) {
    const text = before ? '' : this.#state.text;
    this.#state = { ...BLANK, text: text || `${recallDraft(draft) ?? ''}` };
  }

  /** The name of the draft. */
  what() {
    return this.text('draft-key') || super.what();
  }

  get #max() {
    return Math.min(Number(this.text('maxlength')) || LONGEST, LONGEST);
  }

  get #isIdle() {
    return this.idle || this.#off;
  }

  /** @param {import('./comment-state.js').Action} action */
  #do(action) {
    const { state, effects } = step(this.#state, action);
    this.#state = state;
    this.render();
    if (this.isConnected && this.client) keepDraft(this.what(), state.text);
    if (effects.say != null) this.say(this.strings[effects.say] ?? '', true);
    if (effects.focus) this.focus();
    if (effects.comment) this.#tell(effects.comment);
  }

  /** @param {string} text */
  #tell(text) {
    const body = { text, category: this.text('category'), name: this.text('name') };
    this.commit('sayso-comment', body, 'comment', body, () => this.#do({ type: 'sent' }));
  }

  render() {
    const { text, sent } = this.#state;
    const words = this.strings;
    const { area } = this.#field;
    this.#field.show(text, this.text('label') || words.ask, words.left, this.#max);
    area.placeholder = this.text('placeholder');
    area.required = this.hasAttribute('required');
    area.readOnly = this.hasAttribute('readonly');
    area.disabled = this.#send.disabled = this.hasAttribute('disabled') || this.#off;
    this.#send.textContent = words.send;
    this.#again.textContent = words.again;
    this.#form.hidden = sent;
    this.#again.hidden = !sent;
    this.mark('sent', sent);
    this.internals?.setFormValue?.(text);
    const missing = area.required && !text && !sent;
    this.internals?.setValidity?.({ valueMissing: missing }, missing ? words.empty : '', area);
  }
}

mirror(SaysoComment, ['label', 'placeholder', 'category', 'maxlength', 'draft-key'], ['required']);
