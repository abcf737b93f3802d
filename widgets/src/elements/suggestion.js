import { diff, words } from './diff.js';
import { keepDraft, recallDraft } from './draft.js';
import { ATTRIBUTES, create, knob, mirror, SaysoElement } from './element.js';
import field from './field-style.js';
import { readReasons } from './reasons.js';
import chips from './reasons-style.js';
import { SUGGESTION } from './strings.js';
import { BLANK, named, resultOf, step } from './suggestion-state.js';
import css from './suggestion-style.js';

/** @typedef {import('./suggestion-state.js').Change} Change */

const LOOK = field + chips + css;

/** What the collector takes of one suggestion: bytes. */
const LARGEST = 512 * 1024;

/** @type {{[outcome: string]: string}} the events that ask the page */
const ASKS = { accepted: 'accept', edited: 'edit', rejected: 'reject', undone: 'undo' };

export class SaysoSuggestion extends SaysoElement {
  static tag = 'sayso-suggestion';
  static english = SUGGESTION;
  static observedAttributes = [
    ...ATTRIBUTES,
    ...['original', 'suggestion', 'state', 'mode', 'view', 'reasons', 'no-edit', 'locale', 'label'],
  ];

  surface = 'suggestion';
  #now = BLANK;
  /** What the state shown is about. */
  #shown = '';
  /** @type {string | undefined} the state that this element itself wrote into its attribute */
  #written;
  /** Since when it is as it is (ms). */
  #since = 0;
  /** @type {unknown} the page's reasons, where they are no attribute */
  #reasons;
  /** @type {unknown[]} what the texts shown were made from */
  #made = [];
  /** What the reasons shown were made from. */
  #chips = '';

  /** @type {{[name: string]: HTMLButtonElement}} */
  #buttons = {
    accept: button('accept submit', () => this.accept()),
    edit: button('edit', () => this.edit()),
    reject: button('reject', () => this.reject()),
    save: button('save submit', () => this.#save()),
    cancel: button('cancel', () => this.#leave('cancel')),
    undo: button('undo', () => this.undo()),
  };
  #view = create('slot', { name: 'diff', part: 'diff' });
  #editor = create('textarea', { part: 'editor', dir: 'auto', rows: '2' });
  #asks = create('div', { role: 'group', part: 'reasons' });
  #base = create(
    'div',
    { role: 'group', part: 'base' },
    this.#view,
    this.#editor,
    create('div', { part: 'actions' }, this.status, ...Object.values(this.#buttons), create('slot', { name: 'actions' })),
    this.#asks,
  );

  constructor() {
    super();
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
    return readReasons(this.#reasons) ?? readReasons(this.getAttribute('reasons')) ?? [];
  }
  set reasons(reasons) {
    this.#reasons = reasons;
    this.update();
  }

  get result() {
    return this.#resultOf(this.#now) ?? null;
  }

  accept() {
    this.#act({ type: 'accept' });
  }

  reject() {
    this.#act({ type: 'reject' });
  }

  undo() {
    this.#act({ type: 'undo' });
  }

  /**
   * Open the editor, or take a text that was edited elsewhere.
   * @param {string} [text]
   */
  edit(text) {
    if (this.hasAttribute('no-edit')) return;
    if (text != null) this.#act({ type: 'save', text: `${text}`, suggestion: this.text('suggestion') });
    else if (!this.#now.editing && this.state === 'pending' && this.fire('sayso-open', this.#about())) this.#act({ type: 'edit' });
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    Object.values(this.#buttons).find((one) => !one.hidden)?.focus(options);
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

  update() {
    super.update();
    const what = this.what();
    if (this.isConnected && this.#shown !== what) {
      if (this.client) this.#shown = what;
      this.#restore(what);
    }
    this.#render();
  }

  /** Show what the page says or this browser remembers, and the draft. @param {string} what */
  #restore(what) {
    const known = /** @type {any} */ (this.client?.recall(what)) ?? {};
    const attribute = this.getAttribute('state');
    const isOurs = attribute === this.#written; // and so about something else
    const state = named(isOurs ? known.state : (attribute ?? known.state)) ?? 'pending';
    const { text: draft, open = false } = recallDraft(what) ?? {};
    this.#now = { ...BLANK, state, draft, editing: open && state === 'pending' };
    if (state === known.state) this.#now = { ...this.#now, ...known };
    this.#since = performance.now();
    if (isOurs) this.#reflect();
    this.say(this.strings[state] ?? '', state !== 'pending');
  }

  /** @param {import('./suggestion-state.js').Action} action of a person, or of the page in a person's name */
  #act(action) {
    if (!this.idle) this.#do(action);
  }

  /** @param {import('./suggestion-state.js').Action} action */
  #do(action) {
    const { now, effects } = step(this.#now, action);
    this.#now = now;
    const isInside = this.root.activeElement;
    this.#render();
    const { state, draft, editing: open, id, reasons } = now;
    keepDraft(this.what(), draft !== undefined && { text: draft, open });
    if (effects.remember) this.client?.remember(this.what(), state === 'pending' ? null : { state, id, reasons });
    if (effects.say) this.say(this.#words(effects.say), true);
    if (effects.focus === 'editor') this.#editor.focus();
    else if (effects.focus && isInside) this.#buttons[effects.focus].focus();
    if (effects.change) this.#ask(effects.change);
    if (effects.detail) this.#tell(effects.detail);
  }

  /** @param {string} say */
  #words(say) {
    const { strings } = this;
    return say === 'thanks' ? `${strings.rejected} ${strings.thanks}` : strings[say];
  }

  /**
   * The page may forbid a change, or take its time over it.
   * @param {Change} change
   */
  #ask(change) {
    const what = this.what();
    const event = this.#event(change);
    /** @type {unknown[]} */
    const waits = [];
    const detail = {
      ...this.#about(),
      ...this.#texts(),
      result: this.#resultOf(change),
      previous: change.previous,
      ms: event?.body.decided_in_ms,
      waitUntil: (/** @type {unknown} */ work) => waits.push(work),
    };
    const isStill = () => this.what() === what; // not used for something else meanwhile
    const done = () => {
      if (isStill()) this.#changed(change, event?.id);
      if (event) this.send(event);
    };
    // Made first: what cannot be sent must not be applied, either.
    if (!event || !this.fire(`sayso-${ASKS[change.outcome]}`, detail)) this.#do({ type: 'kept' });
    else if (!waits.length) done();
    else
      Promise.all(waits).then(done, (error) => {
        if (!isStill()) return;
        this.#do({ type: 'kept' });
        this.fire('sayso-error', { event, reason: 'not_applied', message: `${error}` });
      });
  }

  /** @param {Change} change @param {string} [id] */
  #changed(change, id) {
    this.#since = performance.now();
    this.#do({ type: 'changed', change, id });
    this.#reflect();
  }

  /** @param {Change} change */
  #event({ outcome, final }) {
    const { original, suggestion: proposed } = this.#texts();
    const name = this.text('name');
    const decided_in_ms = Math.round(performance.now() - this.#since);
    const body = { outcome, original, proposed, decided_in_ms, ...(final != null && { final }), ...(name && { name }) };
    const event = this.make('suggestion', body);
    if (event && isTooLarge(event)) delete event.body.original;
    if (!event || !isTooLarge(event)) return event;
    this.fire('sayso-error', { event, reason: 'too_large', message: 'the texts are too long to be sent' });
  }

  /** @param {{about: string, reasons: string[]}} body */
  #tell(body) {
    const { reasons } = body;
    if (!this.fire('sayso-detail', { ...this.#about(), reasons })) return;
    const event = this.make('detail', body);
    if (!event) return;
    this.#do({ type: 'told', reasons });
    this.send(event);
  }

  #save() {
    this.edit(this.#editor.value);
  }

  /** @param {'close' | 'cancel'} type */
  #leave(type) {
    this.#do({ type });
    if (!this.#now.editing) this.fire('sayso-close', this.#about());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, target, repeat, isComposing, ctrlKey, metaKey } = event;
    const isEditor = target === this.#editor && !isComposing;
    if (isEditor && key === 'Escape') this.#leave('close');
    else if (isEditor && key === 'Enter' && (ctrlKey || metaKey)) this.#save();
    // A held key would press what has the focus next.
    else if (isEditor || !repeat || key !== 'Enter') return;
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

  #about() {
    const { target, part } = this.about();
    return { target, part, name: this.text('name') };
  }

  #reflect() {
    this.#written = this.state;
    this.setAttribute('state', this.state);
  }

  #render() {
    const { state, editing, busy, draft } = this.#now;
    const strings = this.strings;
    const isOpen = state === 'pending';
    const isHidden = [!isOpen || editing, !isOpen || editing || this.hasAttribute('no-edit'), !isOpen || editing, !editing, !editing, isOpen];
    Object.entries(this.#buttons).forEach(([name, one], at) => {
      const word = /** @type {Node} */ (one.firstChild);
      if (word.textContent !== strings[name]) word.textContent = strings[name];
      one.hidden = isHidden[at];
      one.disabled = this.hasAttribute('disabled');
      one.ariaDisabled = busy || this.hasAttribute('readonly') ? 'true' : null;
    });
    this.#base.ariaLabel = this.text('label') || strings.suggestion;
    this.#base.ariaBusy = `${busy}`;
    this.#editor.hidden = !editing;
    this.#editor.readOnly = busy || this.idle;
    this.#editor.ariaLabel = strings.editor;
    // Setting what is there already would move the caret to the end.
    const text = draft ?? this.text('suggestion');
    if (this.#editor.value !== text) this.#editor.value = text;
    for (const name of ['pending', 'accepted', 'edited', 'rejected']) this.mark(name, state === name);
    this.#renderTexts();
    this.#renderReasons(strings);
  }

  #renderTexts() {
    const view = this.text('view') || 'inline';
    const { original, suggestion } = this.#texts();
    const made = [view, this.state, original, suggestion, this.text('locale'), this.result];
    if (made.every((one, at) => one === this.#made[at])) return;
    this.#made = made;
    this.#view.replaceChildren(...(view === 'none' ? [] : this.#blocks(view, original, suggestion)));
  }

  /** @param {string} view @param {string} original @param {string} suggestion */
  #blocks(view, original, suggestion) {
    if (this.state !== 'pending') return this.result ? [block('', [new Text(this.result)])] : [];
    const hunks = diff(original, suggestion, words(this.text('locale') || undefined));
    if (view !== 'block') return [block('inline', hunks.flatMap(pieces))];
    const before = block('before', hunks.flatMap((hunk) => pieces({ ...hunk, ins: '' })));
    return [...(original ? [before] : []), block('after', hunks.flatMap((hunk) => pieces({ ...hunk, del: '' })))];
  }

  /** @param {import('./strings.js').Strings} strings */
  #renderReasons(strings) {
    const { state, id, reasons: chosen } = this.#now;
    const reasons = state === 'rejected' && id ? this.reasons : [];
    this.#asks.hidden = !reasons.length;
    this.#asks.ariaLabel = strings.askReject;
    // Made anew only where they differ, so that the one just pressed keeps the focus.
    const made = JSON.stringify([strings.askReject, reasons]);
    if (made !== this.#chips) {
      this.#chips = made;
      this.#asks.replaceChildren(create('span', { part: 'ask' }, new Text(strings.askReject)), ...reasons.map((one) => this.#chip(one)));
    }
    reasons.forEach((one, at) => (this.#asks.children[at + 1].ariaPressed = `${chosen.includes(one.id)}`));
  }

  /** @param {import('./reasons.js').Reason} reason */
  #chip({ id, label }) {
    const chip = button('reason', () => this.#act({ type: 'choose', reason: id }));
    chip.textContent = label;
    return chip;
  }

  /** `pending` is about the suggestion here, not about what is on its way. @param {string} state @param {boolean} on */
  mark(state, on) {
    super.mark(state, state === 'pending' ? this.state === 'pending' : on);
  }
}

/** @param {string} part @param {() => void} act */
const button = (part, act) =>
  // The second click of a double click is a habit; what is under the pointer by then may be another button.
  knob(part, ({ detail }) => detail < 2 && act(), create('span', {}));

/** @param {string} part @param {Node[]} nodes */
const block = (part, nodes) => create('div', { part: `text ${part}`, dir: 'auto' }, ...nodes);

/** @param {import('./diff.js').Hunk} hunk */
const pieces = ({ same, del, ins }) => [
  new Text(same),
  ...(del ? [create('del', { part: 'deletion' }, new Text(del))] : []),
  ...(ins ? [create('ins', { part: 'insertion' }, new Text(ins))] : []),
];

/** @param {unknown} event */
const isTooLarge = (event) => new TextEncoder().encode(JSON.stringify(event)).length > LARGEST;

mirror(SaysoSuggestion, ['original', 'suggestion', 'mode', 'view', 'locale', 'label'], ['no-edit']);
