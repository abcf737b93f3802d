import { keepDraft, recallDraft } from './draft.js';
import { ATTRIBUTES, create, knob, mirror, picture, SaysoElement } from './element.js';
import field from './field-style.js';
import { Panel } from './panel.js';
import panel from './panel-style.js';
import { readReasons } from './reasons.js';
import reasons from './reasons-style.js';
import { THUMBS } from './strings.js';
import css from './thumbs-style.js';
import { BLANK, isDraft, step, verdict } from './thumbs-state.js';

/** @typedef {import('./thumbs-state.js').Verdict} Verdict @typedef {'up' | 'down'} Side */

const THUMB =
  'M4 11h3v9H4zM10 11q3-3 3-7c1-2 4 0 4 2l-1 4h3q3 0 2 3l-1 5q-1 2-3 2h-7z';
const BUBBLE = 'M4 5h16v11h-9l-4.5 4v-4H4zM8 9h8M8 12h5';

/** The reasons where the page gives none; their words are among the strings. */
const REASONS = {
  up: ['correct', 'clear', 'complete', 'useful'],
  down: ['incorrect', 'unclear', 'incomplete', 'off_topic'],
};

const LOOK = field + panel + reasons + css;

/**
 * Two thumbs under an answer. A press is saved at once; a second press takes it back, a press on the other
 * thumb changes it. After a thumb down a small panel asks why; nothing in it is required.
 *
 * @attr {string} target - **Required.** Your own id of what is rated: a message, a suggestion, a session.
 * @attr {string} part - A part of the target, such as one retrieved text.
 * @attr {string} name - What is asked about, such as `accuracy`. Several widgets with different names can stand under one target.
 * @attr {string} actor - Your pseudonymous id of the person. Without it the browser has a random id of its own.
 * @attr {string} session - Your id of the conversation or visit.
 * @attr {string} token - A feedback token signed by your back end.
 * @attr {up|down} value - The verdict to show. Without it the last verdict given in this browser is shown.
 * @attr {string} label - The name of the pair for assistive technology; best unique on the page. Default: `Rate this answer`.
 * @attr {none|down|up|both} comment - After which thumb the panel asks why. Default: `down`.
 * @attr {string} reasons - What the panel offers after a thumb down: `Too long, Wrong tone`, or JSON: `[{"id": "tone", "label": "Wrong tone"}]`. The id is what is sent. Twelve at most; `""` for none.
 * @attr {string} up-reasons - The same after a thumb up.
 * @attr {inline|popover} placement - Where the panel opens: in the text under the thumbs, or over the page, which moves nothing and is cut off by nothing. Default: `inline`.
 * @attr {boolean} locked - The first verdict stays: it can be neither changed nor taken back.
 * @attr {boolean} disabled - Not usable for now, for instance while the answer is still being written.
 * @attr {boolean} readonly - Shows the verdict; it can be focused but not changed.
 * @attr {boolean} no-exposure - Do not report that the target was seen.
 *
 * @prop {up|down|null} value - The verdict as it is now. Setting it makes no event.
 * @prop {Array} reasons - As the attribute; a list of texts or of `{id, label}`. `upReasons` likewise.
 * @prop {object} context - What you want to know of each event of this element, such as `{page: '/help'}`. It is sent as `meta`.
 * @prop {object} strings - Other wording, by the keys of `THUMBS` in `src/elements/strings.js`.
 * @prop {Client} client - Another client than the page's own.
 *
 * @method clear() - Takes the verdict back, as a second press does.
 * @method open() - Opens the panel again, with what was said before.
 * @method close() - Closes it; what was typed stays a draft of this tab.
 * @method submit() - Sends what is new in the panel.
 * @method focus() - Goes to the pressed thumb, else to the first.
 *
 * @fires sayso-rate - Before a press takes effect; `preventDefault()` stops it. `detail`: `{target, part, name, value, previous}`.
 * @fires sayso-detail - Before what was said in the panel is taken; `preventDefault()` stops it. `detail`: `{target, part, value, reasons, comment}`.
 * @fires sayso-open - The panel is open. `detail`: `{target, part, actor}`.
 * @fires sayso-close - The panel is closed. `detail`: the same.
 * @fires sayso-feedback - After a press, and after Send. `detail` is the event as it will be sent; `preventDefault()` keeps it from being sent, for a transport of your own.
 * @fires sayso-exposure - The target was seen: half of the widget for one second. Otherwise as `sayso-feedback`.
 * @fires sayso-sent - The collector has it for good. `detail`: `{event}`.
 * @fires sayso-queued - It could not be sent yet; it is kept and tried again. `detail`: `{event, reason, message}`.
 * @fires sayso-error - It was refused, or could not be made. `detail`: `{event, reason, message, detail, kept}`; `kept` where it will be tried again, as when the key is wrong.
 *
 * @csspart base - The group of the thumbs.
 * @csspart button - Each thumb.
 * @csspart up - The thumb up.
 * @csspart down - The thumb down.
 * @csspart more - The button that opens the panel again.
 * @csspart icon - The picture in a button.
 * @csspart status - The line that is read out; seen only where it thanks, or where saving failed.
 * @csspart panel - The panel.
 * @csspart heading - Its question.
 * @csspart reasons - All reasons.
 * @csspart reason - Each of them.
 * @csspart label - Over the text field.
 * @csspart comment - The text field.
 * @csspart counter - How many characters are left, near the end.
 * @csspart actions - The row of buttons.
 * @csspart submit - Send.
 * @csspart cancel - Skip.
 *
 * @slot up - Another picture for the thumb up.
 * @slot down - Another picture for the thumb down.
 * @slot heading - Another question.
 * @slot disclosure - What becomes of the words, over the buttons of the panel.
 *
 * @cssstate up - The verdict is up.
 * @cssstate down - The verdict is down.
 * @cssstate open - The panel is open.
 * @cssstate pending - The last event is on its way.
 * @cssstate error - The last event could not be saved.
 *
 * @cssprop [--sayso-font=inherit] - All letters.
 * @cssprop [--sayso-color=inherit] - The pictures and letters.
 * @cssprop [--sayso-accent=currentColor, Send CanvasText] - The pressed thumb, chosen reasons, Send.
 * @cssprop [--sayso-on-accent=Canvas] - The letters on Send. Give it together with the accent.
 * @cssprop [--sayso-surface=none, Canvas over the page] - Behind the panel.
 * @cssprop [--sayso-surface-text=inherit, CanvasText over the page] - The panel's letters.
 * @cssprop [--sayso-field=none] - Behind the text field.
 * @cssprop [--sayso-field-text=inherit] - Its letters.
 * @cssprop [--sayso-border=55 % of the colour] - Around fields and reasons; around the panel 25 %.
 * @cssprop [--sayso-hover=10 % of the colour] - Behind a button under the pointer.
 * @cssprop [--sayso-focus=currentColor] - The ring around what has the focus.
 * @cssprop [--sayso-radius=8px] - The corners.
 * @cssprop [--sayso-gap=2px] - Between the thumbs.
 * @cssprop [--sayso-target-size=32px, for fingers 44px] - Least width and height of a button.
 * @cssprop [--sayso-icon-size=18px] - Width and height of a picture.
 */
export class SaysoThumbs extends SaysoElement {
  static tag = 'sayso-thumbs';
  static english = THUMBS;
  static observedAttributes = [...ATTRIBUTES, 'value', 'label', 'reasons', 'up-reasons', 'comment', 'placement', 'locked'];

  surface = 'thumbs';
  #state = BLANK;
  /** @type {{up?: unknown, down?: unknown}} the page's reasons, where they are no attributes */
  #reasons = {};
  #thumbs = { up: this.#thumb('up'), down: this.#thumb('down') };
  #more = knob('more', () => this.open(), picture(BUBBLE));
  #base = create('div', { role: 'group', part: 'base' }, ...Object.values(this.#thumbs), this.#more, this.status);
  /** @type {Panel | undefined} made when it is first needed */
  #panel;

  constructor() {
    super();
    this.dress(LOOK, this.#base);
    this.root.addEventListener('keydown', (event) => this.#escape(/** @type {KeyboardEvent} */ (event)));
  }

  get value() {
    return this.#state.value;
  }
  set value(value) {
    const given = verdict(value);
    if (given) this.setAttribute('value', given);
    else this.removeAttribute('value');
    this.#show(given);
  }

  get reasons() {
    return this.#reasonsFor('down');
  }
  set reasons(reasons) {
    this.#reasons.down = reasons;
    this.render();
  }

  get upReasons() {
    return this.#reasonsFor('up');
  }
  set upReasons(reasons) {
    this.#reasons.up = reasons;
    this.render();
  }

  /** Take the verdict back, as a second press does. */
  clear() {
    if (this.value) this.#press(this.value);
  }

  /** Ask why, where there is a verdict that was given in this browser. */
  open() {
    if (!this.idle && this.#asks(this.value)) this.#do({ type: 'open' });
  }

  /** Close the panel; what was typed stays a draft. */
  close() {
    this.#do({ type: 'close' });
  }

  /** Send what was chosen and typed, where anything is new. */
  submit() {
    this.#do({ type: 'send' });
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    this.#thumbs[this.value ?? 'up'].focus(options);
  }

  /**
   * @param {string} [attribute]
   * @param {string | null} [_before]
   * @param {string | null} [now]
   */
  attributeChangedCallback(attribute, _before, now) {
    if (attribute === 'value') this.#show(verdict(now));
    super.attributeChangedCallback();
  }

  /** With the draft of that verdict. @param {string} what @param {string} [before] */
  restore(what, before) {
    if (before) this.say('');
    const { value, id = '', reasons: earlier } = /** @type {any} */ (this.client?.recall(what)) ?? {};
    const reasons = Array.isArray(earlier) ? earlier : []; // another script may have been there
    const shown = verdict(this.getAttribute('value') ?? value);
    this.#state = { ...BLANK, value: shown };
    if (!shown || shown !== value) return;
    const told = { reasons, comment: '' };
    const { open = false, ...draft } = recallDraft(what) ?? told;
    this.#state = { ...this.#state, id, told, ...told, ...(draft.id === id && draft), open: open && !this.#floats() };
  }

  /** @param {Side} side */
  #thumb(side) {
    const thumb = knob(`button ${side}`, () => this.#press(side), create('slot', { name: side }, picture(THUMB)));
    // A held key repeats, which is no change of mind.
    thumb.onkeydown = ({ repeat, key }) => !repeat || key !== 'Enter';
    return thumb;
  }

  /** @param {Side} side */
  #press(side) {
    if (this.idle) return;
    const locked = this.hasAttribute('locked');
    if (locked && !this.value) this.restore(this.what()); // another tab may have had a verdict since
    this.#do({ type: 'press', side, locked });
  }

  /** @param {import('./thumbs-state.js').Action} action */
  #do(action) {
    const { open } = this.#state;
    const { state, effects } = step(this.#state, action);
    this.#state = state;
    const wasInside = this.#panel?.element.contains(this.root.activeElement);
    this.render();
    this.#keep(effects.remember);
    if (effects.say) this.say(this.strings[effects.say], effects.say === 'thanks');
    if (effects.focus === 'panel') this.#enter();
    if (effects.focus === 'thumb' && wasInside) this.focus();
    if (open !== state.open) this.fire(state.open ? 'sayso-open' : 'sayso-close', this.about());
    if (effects.rate) this.#rate(effects.rate);
    if (effects.detail) this.#tell(effects.detail);
  }

  /** @param {{value: Verdict, previous?: Verdict}} change */
  #rate(change) {
    const { value } = change;
    const body = { ...change, name: this.text('name') };
    this.commit('sayso-rate', { previous: null, ...body }, 'thumb', body, ({ id }) =>
      this.#do({ type: 'rated', value, id, asks: this.#asks(value) }),
    );
  }

  /** @param {{about: string, reasons: string[], comment: string}} body */
  #tell(body) {
    const { about, ...detail } = body;
    this.commit('sayso-detail', { value: this.value, ...detail }, 'detail', body, () => this.#do({ type: 'told' }));
  }

  /** The draft with each step; the verdict and what was told of it only when they were. @param {boolean} [remember] */
  #keep(remember) {
    const { value, id, open, reasons, comment, told } = this.#state;
    const what = this.what();
    if (remember) this.client?.remember(what, value && { value, id, reasons: told.reasons });
    keepDraft(what, isDraft(this.#state) && { id, open, reasons, comment });
  }

  /** @param {Verdict} value as the page says; where it says what is there already, all else stays too */
  #show(value) {
    if (value !== this.value) this.#state = { ...BLANK, value };
    this.render();
  }

  /** @param {KeyboardEvent} event */
  #escape(event) {
    if (event.key !== 'Escape' || event.isComposing || !this.#state.open) return;
    event.preventDefault(); // a dialog around the widget stays
    event.stopPropagation();
    this.close();
  }

  /** Whether a verdict is followed by a question. @param {Verdict} value */
  #asks(value) {
    const when = this.text('comment') || 'down';
    return value !== null && (when === value || when === 'both');
  }

  /** @param {Side} side */
  #reasonsFor(side) {
    const attribute = side === 'up' ? 'up-reasons' : 'reasons';
    const given = readReasons(this.#reasons[side]) ?? readReasons(this.getAttribute(attribute));
    const { strings } = this;
    return given ?? REASONS[side].map((id) => ({ id, label: strings[id] }));
  }

  /** Whether the panel lies over the page, in the top layer. */
  #floats() {
    return this.text('placement') === 'popover' && 'popover' in this;
  }

  /** Go to the question, in sight with all of its panel. */
  #enter() {
    this.#panel?.element.scrollIntoView({ block: 'nearest' });
    this.#panel?.heading.focus({ preventScroll: true });
  }

  render() {
    const { value, id, open } = this.#state;
    const words = this.strings;
    const locked = this.hasAttribute('locked') && value;
    this.#base.ariaLabel = this.text('label') || words.label;
    for (const side of /** @type {Side[]} */ (['up', 'down'])) {
      const thumb = this.#thumbs[side];
      const pressed = value === side;
      thumb.ariaLabel = words[side];
      thumb.ariaPressed = `${pressed}`;
      thumb.ariaExpanded = pressed && open ? 'true' : null;
      thumb.ariaDisabled = locked || this.hasAttribute('readonly') ? 'true' : null;
      thumb.disabled = this.hasAttribute('disabled');
      this.mark(side, pressed);
    }
    this.#more.ariaLabel = words.more;
    this.#more.hidden = open || !id || this.idle || !this.#asks(value);
    this.mark('open', open);
    this.#renderPanel(words);
  }

  /** @param {import('./strings.js').Strings} words */
  #renderPanel(words) {
    const { value, open, reasons, comment } = this.#state;
    if (open && !this.#panel) {
      this.#panel = new Panel((action) => this.#do(action));
      this.#panel.element.addEventListener('toggle', ({ newState }) => newState === 'closed' && this.#state.open && this.close());
      this.root.append(this.#panel.element);
    }
    if (!this.#panel) return;
    if (open && value) {
      const question = words[value === 'up' ? 'askUp' : 'askDown'];
      this.#panel.show({ question, reasons: this.#reasonsFor(value), chosen: reasons, comment, words });
    }
    this.#place(this.#panel.element, open);
  }

  /** @param {HTMLElement} panel @param {boolean} open */
  #place(panel, open) {
    const floats = this.#floats();
    panel.hidden = !open && !floats;
    panel.popover = floats ? 'auto' : null;
    if (!floats || !this.isConnected || open === panel.matches(':popover-open')) return;
    if (open) panel.showPopover({ source: this.#thumbs[this.value ?? 'up'] });
    else panel.hidePopover();
  }
}

mirror(SaysoThumbs, ['label', 'comment', 'placement'], ['locked']);
