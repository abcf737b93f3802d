import { Chips } from './chips.js';
import { keepDraft, recallDraft } from './draft.js';
import { ATTRIBUTES, create, knob, mirror, SaysoElement } from './element.js';
import field from './field-style.js';
import { readReasons } from './reasons.js';
import chips from './reasons-style.js';
import { SUGGESTION } from './strings.js';
import { BLANK, named, NAMES, resultOf, step } from './suggestion-state.js';
import css from './suggestion-style.js';
import { texts } from './suggestion-view.js';

/**
 * @typedef {import('./suggestion-state.js').Change} Change
 * @typedef {import('./suggestion-state.js').Name} Name
 * @typedef {import('./suggestion-state.js').Action} Action
 */

const LOOK = field + chips + css;

/** What the collector takes of one suggestion: bytes. */
const LARGEST = 512 * 1024;

/** How long a page may take to apply a change. */
const PATIENCE_MS = 60_000;

/** @type {{[outcome: string]: 'sayso-accept' | 'sayso-edit' | 'sayso-reject' | 'sayso-undo'}} the events that ask the page */
const ASKS = { accepted: 'sayso-accept', edited: 'sayso-edit', rejected: 'sayso-reject', undone: 'sayso-undo' };

/** When each part is there: 0 before a decision, 1 while somebody edits, 2 after a decision. */
const TIMES = [0, 0, 0, 1, 1, 1, 2];

/**
 * A text that a model proposes in place of another: a person accepts, edits or rejects it, and can undo each. What
 * is decided is saved at once; the page is asked first, and applies it.
 *
 * @attr {string} target - **Required.** Your own id of what is suggested.
 * @attr {string} part - A part of the target, such as one paragraph.
 * @attr {string} name - What is asked about. Several suggestions with different names can stand under one target.
 * @attr {string} actor - Your pseudonymous id of the person. Without it the browser has a random id of its own.
 * @attr {string} session - Your id of the conversation or visit.
 * @attr {string} token - A feedback token signed by your back end.
 * @attr {string} original - The text as it was. Without it all of the suggestion is new.
 * @attr {string} suggestion - The text that is proposed.
 * @attr {pending|accepted|edited|rejected} state - The decision to show; written by the element with each decision. Without it the last decision made in this browser is shown.
 * @attr {preview|review} mode - Whether nothing is applied before it is accepted, or it was applied already and a rejection takes it back. It changes `result` alone. Default: `preview`.
 * @attr {inline|block|none} view - Both texts in one, one above the other, or buttons alone, under a diff or an editor of your own. Default: `inline`.
 * @attr {string} reasons - What may be chosen after a rejection: `Too long, Wrong tone`, or JSON: `[{"id": "tone", "label": "Wrong tone"}]`. Twelve at most. Default: none.
 * @attr {string} locale - Whose words are compared, such as `ja`. Default: the browser's.
 * @attr {string} label - The name of the group for assistive technology; best unique on the page. Default: `Suggested change`.
 * @attr {boolean} no-edit - There is no button to edit.
 * @attr {boolean} disabled - Not usable for now, for instance while the suggestion is still being written.
 * @attr {boolean} readonly - It can be read, not decided.
 * @attr {boolean} no-exposure - Do not report that the target was seen.
 *
 * @prop {string} state - As the attribute. Setting it makes no event.
 * @prop {string|null} result - Read only: the text that should stand in your page now; `null` where a text was edited before a reload, since no text is remembered.
 * @prop {Array} reasons - As the attribute; a list of texts or of `{id, label}`.
 * @prop {object} context - As with `<sayso-thumbs>`; so are `strings` and `client`.
 *
 * @method accept() - As the button does; so do the next three. What is decided has to be undone before it is decided anew.
 * @method reject() - Leaves the original.
 * @method edit() - Opens the editor; `edit(text)` takes a text that was edited elsewhere. The suggestion itself counts as accepted.
 * @method undo() - Takes the decision back.
 * @method focus() - Goes to the first button.
 *
 * @fires sayso-accept - Before it is accepted; `preventDefault()` stops it. `detail`: `{target, part, actor, original, suggestion, result, previous, ms, waitUntil}`. `waitUntil(promise)` holds it until you have applied `result`; where the promise fails, or takes more than a minute, nothing has changed and `sayso-error` says `not_applied`.
 * @fires sayso-edit - The same before an edited text is saved.
 * @fires sayso-reject - The same before it is rejected.
 * @fires sayso-undo - The same before a decision is taken back.
 * @fires sayso-open - Before the editor opens; prevent it to use your own, and call `edit(text)`. `detail`: `{target, part, actor}`.
 * @fires sayso-detail - Before a reason is taken; `preventDefault()` stops it. `detail`: `{target, part, reasons}`.
 * @fires sayso-feedback - After each; as with `<sayso-thumbs>`, and so are `sayso-exposure`, `sayso-sent`, `sayso-queued` and `sayso-error`. Texts of more than 512 KB go without the original, or are refused as `too_large` before anything changes.
 *
 * @csspart base - Around everything.
 * @csspart diff - Around the texts.
 * @csspart text - Each text; `before` and `after` in the view `block`.
 * @csspart insertion - What comes.
 * @csspart deletion - What goes.
 * @csspart editor - The field to edit in.
 * @csspart actions - The row of buttons.
 * @csspart accept - Accept.
 * @csspart edit - Edit.
 * @csspart reject - Reject.
 * @csspart undo - Undo.
 * @csspart save - Save.
 * @csspart cancel - Cancel.
 * @csspart status - The line that is read out and seen: what was decided, or that saving failed.
 * @csspart reasons - Around the reasons.
 * @csspart ask - The question over them.
 * @csspart reason - Each of them.
 *
 * @slot diff - Your own view of the change.
 * @slot actions - More buttons, behind the others.
 *
 * @cssstate pending - Nothing is decided.
 * @cssstate accepted - It was accepted as it is.
 * @cssstate edited - It was accepted with changes.
 * @cssstate rejected - It was rejected.
 * @cssstate error - The last event could not be saved, or the page could not apply it.
 *
 * @cssprop [--sayso-ins=22 % of a green] - Behind what comes; it is underlined as well.
 * @cssprop [--sayso-del=18 % of a red] - Behind what goes; it is struck through as well.
 */
export class SaysoSuggestion extends SaysoElement {
  static tag = 'sayso-suggestion';
  static english = SUGGESTION;
  static observedAttributes = [
    ...ATTRIBUTES,
    ...['original', 'suggestion', 'state', 'mode', 'view', 'reasons', 'no-edit', 'locale', 'label'],
  ];

  surface = 'suggestion';
  #now = BLANK;
  /** @type {string | undefined} the state that this element itself wrote into its attribute */
  #written;
  /** Since when it is as it is (ms). */
  #since = 0;
  /** @type {unknown} the page's reasons, where they are no attribute */
  #reasons;
  /** How many people sat here before: what was asked in the name of one is never told in that of another. */
  #sitting = 0;
  /** What the texts shown were made from. */
  #made = '';

  /** @type {{[name: string]: HTMLElement}} what can have the focus; the order is that of `TIMES` */
  #parts = {
    accept: knob('accept submit', () => this.accept()),
    edit: knob('edit', () => this.edit()),
    reject: knob('reject', () => this.reject()),
    save: knob('save submit', () => this.#save()),
    cancel: knob('cancel', () => this.#do({ type: 'leave' })),
    editor: create('textarea', { part: 'editor', dir: 'auto', rows: '2' }),
    undo: knob('undo', () => this.undo()),
  };
  #editor = /** @type {HTMLTextAreaElement} */ (this.#parts.editor);
  #view = create('slot', { name: 'diff', part: 'diff' });
  #chips = new Chips((reason) => this.#act({ type: 'choose', reason }));
  #base = create('div', { role: 'group', part: 'base' }, this.#view, this.#editor);

  constructor() {
    super();
    const { editor: _, ...buttons } = this.#parts;
    const actions = [this.status, ...Object.values(buttons), create('slot', { name: 'actions' })];
    this.#base.append(create('div', { part: 'actions' }, ...actions), this.#chips.element);
    this.#chips.element.role = 'group';
    this.dress(LOOK, this.#base);
    this.#editor.oninput = () => this.#do({ type: 'write', text: this.#editor.value });
    this.root.addEventListener('keydown', (event) => this.#key(/** @type {KeyboardEvent} */ (event)));
  }

  get state() {
    return this.#now.state;
  }
  set state(state) {
    if (state == null) this.removeAttribute('state');
    else this.setAttribute('state', state);
  }

  get reasons() {
    return readReasons(this.#reasons) ?? readReasons(this.text('reasons')) ?? [];
  }
  set reasons(reasons) {
    this.#reasons = reasons;
    this.update();
  }

  get result() {
    return this.#resultOf(this.#now) ?? null;
  }

  accept() {
    this.#act({ type: 'decide', outcome: 'accepted' });
  }

  reject() {
    this.#act({ type: 'decide', outcome: 'rejected' });
  }

  undo() {
    this.#act({ type: 'decide', outcome: 'undone' });
  }

  /**
   * Open the editor, or take a text that was edited elsewhere.
   * @param {string} [text]
   */
  edit(text) {
    const { suggestion } = this.#texts();
    if (text != null) this.#act({ type: 'decide', outcome: 'edited', text: `${text}`, suggestion });
    else if (this.state === 'pending' && this.fire('sayso-open', this.about())) this.#act({ type: 'edit' });
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    Object.values(this.#parts).find((one) => !one.hidden)?.focus(options);
  }

  /**
   * @param {string} [attribute]
   * @param {string | null} [_before]
   * @param {string | null} [now]
   */
  attributeChangedCallback(attribute, _before, now) {
    if (attribute === 'state' && now !== this.#written) {
      this.#written = undefined;
      const state = named(now) ?? 'pending';
      // Where the page says what is there already, all else stays too.
      if (state !== this.state) this.#now = { ...BLANK, state, draft: this.#now.draft };
    }
    super.attributeChangedCallback();
  }

  /** With the draft. @param {string} what nothing between two people */
  restore(what) {
    if (!what) this.#sitting += 1;
    const known = /** @type {any} */ (this.client?.recall(what)) ?? {};
    const given = this.getAttribute('state');
    const isOurs = given === this.#written; // and so about something else
    const state = named((isOurs ? null : given) ?? known.state) ?? 'pending';
    const { text: draft, open } = recallDraft(what) ?? {};
    this.#now = { ...BLANK, ...(state === known.state && known), state, draft, editing: state === 'pending' && !!open };
    this.#since = performance.now();
    if (isOurs && given !== state) this.#reflect();
    this.say(this.strings[state] ?? '', state !== 'pending');
  }

  /** @param {Action} action of a person, or of the page in a person's name */
  #act(action) {
    if (!this.idle) this.#do(action);
  }

  /** @param {Action} action */
  #do(action) {
    const isInside = this.root.activeElement;
    const { now, effects } = step(this.#now, action);
    const { state, draft: text, editing: open, id, reasons } = (this.#now = now);
    const { remember, say, focus, change, detail } = effects;
    const { client, strings } = this;
    this.render();
    if (client) keepDraft(this.what(), text != null && { text, open });
    if (remember) client?.remember(this.what(), state === 'pending' ? null : { state, id, reasons });
    if (say) this.say(say === 'thanks' ? `${strings[state]} ${strings.thanks}` : strings[say], true);
    if (focus && (isInside || open)) this.#parts[focus].focus();
    if (change) this.#ask(change);
    if (detail) this.#tell(detail);
  }

  /**
   * The page may forbid a change, or take its time over it.
   * @param {Change} change
   */
  #ask(change) {
    const what = this.what();
    // Made first: what cannot be sent must not be applied, either.
    const event = this.#event(change);
    /** @type {unknown[]} */
    const waits = [];
    const waitUntil = (/** @type {unknown} */ work) => waits.push(work);
    const { previous, outcome } = change;
    /** @type {{result: any, previous: Name, ms: number, waitUntil: (applied: unknown) => void}} */
    const more = { result: this.#resultOf(change), previous, ms: event?.body.decided_in_ms, waitUntil };
    // It may be used for something else by then.
    const back = (/** @type {Action} */ action) => what === this.what() && this.#do(action);
    const done = () => {
      back({ type: 'changed', change, id: event?.id });
      if (what === this.what()) this.#reflect();
      if (event) this.send(event);
    };
    if (!event || !this.fire(ASKS[outcome], { ...this.about(), ...this.#texts(), ...more })) back({ type: 'kept' });
    else if (!waits.length) done();
    else
      this.#applied(waits).then(done, (error) => {
        back({ type: 'kept' });
        this.fire('sayso-error', { event, reason: 'not_applied', message: `${error}` });
      });
  }

  /** In time, or it fails; for ever where somebody else sits here by then. @param {unknown[]} waits */
  #applied(waits) {
    const sitting = this.#sitting;
    const late = new Promise((_, fail) => setTimeout(fail, PATIENCE_MS, 'too late'));
    return Promise.race([late, Promise.all(waits)]).finally(() => sitting !== this.#sitting && new Promise(() => {}));
  }

  /** @param {Change} change */
  #event({ outcome, final }) {
    const { original, suggestion: proposed } = this.#texts();
    const decided_in_ms = Math.round(performance.now() - this.#since);
    const body = { outcome, original, proposed, final: final ?? '', decided_in_ms, name: this.text('name') };
    const event = this.make('suggestion', body);
    if (event && final === '') event.body.final = final; // all was deleted, which says something
    if (!event || !isTooLarge(event)) return event;
    delete event.body.original;
    if (!isTooLarge(event)) return event;
    this.fire('sayso-error', { event, reason: 'too_large', message: 'the texts are too long' });
  }

  /** @param {{about: string, reasons: string[]}} body */
  #tell(body) {
    const { reasons } = body;
    this.commit('sayso-detail', { reasons }, 'detail', body, () => this.#do({ type: 'told', reasons }));
  }

  #save() {
    this.edit(this.#editor.value);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, target, repeat, isComposing } = event;
    const isEditor = target === this.#editor;
    const isEnter = key === 'Enter';
    if (isComposing) return;
    if (isEditor && key === 'Escape') this.#do({ type: 'leave', text: this.#now.draft });
    else if (isEditor && isEnter && (event.ctrlKey || event.metaKey)) this.#save();
    // A held key would press what has the focus next.
    else if (isEditor || !isEnter || !repeat) return;
    event.preventDefault(); // so that a dialog around the widget stays
    event.stopPropagation();
  }

  #texts() {
    return { original: this.text('original'), suggestion: this.text('suggestion') };
  }

  /** @param {{state: import('./suggestion-state.js').Name, final?: string}} now */
  #resultOf(now) {
    return resultOf(now, { ...this.#texts(), review: this.text('mode') === 'review' });
  }

  #reflect() {
    this.#since = performance.now();
    this.#written = this.state;
    this.setAttribute('state', this.state);
  }

  render() {
    const { state, editing, busy, draft } = this.#now;
    const { strings } = this;
    const time = state !== 'pending' ? 2 : editing ? 1 : 0;
    Object.entries(this.#parts).forEach(([name, one], at) => {
      one.hidden = TIMES[at] !== time;
      one.ariaDisabled = busy || this.hasAttribute('readonly') ? 'true' : null;
      /** @type {any} */ (one).disabled = this.hasAttribute('disabled');
      if (one !== this.#editor) one.textContent = strings[name];
    });
    this.#base.ariaLabel = this.text('label') || strings.suggestion;
    this.#base.ariaBusy = `${busy}`;
    this.#editor.ariaLabel = strings.editor;
    this.#editor.readOnly = busy || this.idle;
    // Setting what is there already would move the caret to the end.
    const text = draft ?? this.text('suggestion');
    if (this.#editor.value !== text) this.#editor.value = text;
    for (const name of NAMES) this.mark(name, state === name);
    this.#renderTexts();
    this.#renderReasons(strings.askReject);
  }

  #renderTexts() {
    const { original, suggestion } = this.#texts();
    const view = this.text('view') || 'inline';
    const settled = this.state !== 'pending' && (this.result ?? '');
    const made = JSON.stringify([view, settled, original, suggestion, this.text('locale')]);
    if (made === this.#made) return;
    this.#made = made;
    this.#view.replaceChildren(...texts(view, settled, original, suggestion, this.text('locale')));
  }

  /** @param {string} question */
  #renderReasons(question) {
    const { state, id, reasons: chosen } = this.#now;
    const reasons = state === 'rejected' && id ? this.reasons : [];
    this.#chips.element.hidden = !reasons.length;
    this.#chips.element.ariaLabel = question;
    this.#chips.show(reasons, chosen, create('span', { part: 'ask' }, new Text(question)));
  }

  /** `pending` is about the suggestion here, not about what is on its way. @param {string} state @param {boolean} on */
  mark(state, on) {
    super.mark(state, state === 'pending' ? this.state === state : on);
  }
}

/** @param {unknown} event */
const isTooLarge = (event) => new Blob([JSON.stringify(event)]).size > LARGEST;

mirror(SaysoSuggestion, ['original', 'suggestion', 'mode', 'view', 'locale', 'label'], ['no-edit']);
