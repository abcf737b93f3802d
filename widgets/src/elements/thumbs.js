import { ATTRIBUTES, create, mirror, picture, SaysoElement } from './element.js';
import css from './thumbs-style.js';
import { press, verdict } from './thumbs-state.js';

/** @typedef {import('./thumbs-state.js').Verdict} Verdict */

const STRINGS = {
  label: 'Rate this answer',
  up: 'Good answer',
  down: 'Bad answer',
  saved: 'Saved.',
  removed: 'Taken back.',
  failed: 'Not saved.',
};

const THUMB =
  'M3 11h4v9H3zM10 11l3.3-7.4a2.3 2.3 0 0 1 2 2.7l-.6 3.2h4.6a2 2 0 0 1 2 2.4l-1.4 6.5a2 2 0 0 1-2 1.6H10z';

/** @type {CSSStyleSheet | undefined} one for all elements */
let sheet;

/**
 * Two thumbs under an answer. A press is saved at once; a second press takes it back, a press on the other
 * thumb changes it.
 *
 * @attr {string} target - **Required.** Your own id of what is rated: a message, a suggestion, a session.
 * @attr {string} part - A part of the target, such as one retrieved text.
 * @attr {string} name - What is asked about, such as `accuracy`. Several widgets with different names can stand under one target.
 * @attr {string} actor - Your pseudonymous id of the person. Without it the browser has a random id of its own.
 * @attr {string} session - Your id of the conversation or visit.
 * @attr {string} token - A feedback token signed by your back end. The collector does not verify it yet, and drops it.
 * @attr {up|down} value - The verdict to show. Without it the last verdict given in this browser is shown.
 * @attr {string} label - The name of the pair for assistive technology; best unique on the page. Default: `Rate this answer`.
 * @attr {boolean} disabled - Not usable for now, for instance while the answer is still being written.
 * @attr {boolean} readonly - Shows the verdict; it can be focused but not changed.
 * @attr {boolean} no-exposure - Do not report that the target was seen.
 *
 * @prop {up|down|null} value - The verdict as it is now. Setting it makes no event.
 * @prop {object} strings - Other wording: any of `label`, `up`, `down`, `saved`, `removed`, `failed`.
 * @prop {Client} client - Another client than the page's own.
 *
 * @fires sayso-rate - Before a press takes effect; `preventDefault()` stops it. `detail`: `{target, part, value, previous}`, and `name` where there is one.
 * @fires sayso-feedback - After it. `detail` is the event as it will be sent; `preventDefault()` keeps it from being sent, for a transport of your own.
 * @fires sayso-exposure - The target was seen: half of the widget for one second. Otherwise as `sayso-feedback`.
 * @fires sayso-sent - The collector has it for good. `detail`: `{event}`.
 * @fires sayso-queued - It could not be sent yet; it is kept and tried again. `detail`: `{event, reason, message}`.
 * @fires sayso-error - It was refused, or could not be made. `detail`: `{event, reason, message, detail, kept}`; `kept` where it will be tried again, as when the key is wrong.
 *
 * @csspart base - The group around everything.
 * @csspart button - Each thumb.
 * @csspart up - The thumb up.
 * @csspart down - The thumb down.
 * @csspart icon - The picture in a thumb.
 * @csspart status - The line that is read out after a press; seen only where saving failed.
 *
 * @slot up - Another picture for the thumb up.
 * @slot down - Another picture for the thumb down.
 *
 * @cssstate up - The verdict is up.
 * @cssstate down - The verdict is down.
 * @cssstate error - The last press could not be saved.
 *
 * @cssprop [--sayso-color=inherit] - The pictures.
 * @cssprop [--sayso-accent=currentColor] - The picture of the pressed thumb.
 * @cssprop [--sayso-hover=12 % of the colour] - Behind a thumb under the pointer.
 * @cssprop [--sayso-focus=currentColor] - The ring around the focused thumb.
 * @cssprop [--sayso-radius=8px] - The corners of a thumb.
 * @cssprop [--sayso-gap=2px] - Between the thumbs.
 * @cssprop [--sayso-target-size=32px, for fingers 44px] - Width and height of a thumb.
 * @cssprop [--sayso-icon-size=18px] - Width and height of a picture.
 */
export class SaysoThumbs extends SaysoElement {
  static tag = 'sayso-thumbs';
  static surface = 'thumbs';
  static observedAttributes = [...ATTRIBUTES, 'name', 'value', 'label'];

  /** @type {Verdict} */
  #value = null;
  #strings = STRINGS;
  /** What the verdict shown is about. */
  #shown = '';
  /** @type {Set<string> | undefined} */
  #states;
  #status = create('span', { role: 'status', part: 'status' });
  #thumbs = { up: this.#thumb('up'), down: this.#thumb('down') };
  #group = create('div', { role: 'group', part: 'base' }, ...Object.values(this.#thumbs), this.#status);

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    root.append(this.#group);
    try {
      if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(css);
      root.adoptedStyleSheets = [sheet];
      this.#states = this.attachInternals().states;
    } catch {
      // An older browser: plain buttons that work.
    }
    this.addEventListener('sayso-error', this.#failed);
  }

  get strings() {
    return this.#strings;
  }
  set strings(strings) {
    this.#strings = { ...STRINGS, ...strings };
    this.#render();
  }

  get value() {
    return this.#value;
  }
  set value(value) {
    const given = verdict(value);
    if (given) this.setAttribute('value', given);
    else this.removeAttribute('value');
    this.#show(given);
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

  update() {
    super.update();
    const what = this.#what();
    if (this.isConnected && this.#shown !== what) {
      if (this.client) this.#shown = what;
      this.#value = verdict(this.getAttribute('value') ?? this.client?.recall(what));
      this.#say('');
    }
    this.#render();
  }

  /** The name under which this browser remembers the verdict. */
  #what() {
    return JSON.stringify([this.about(), this.text('name')]);
  }

  /** @param {'up' | 'down'} side */
  #thumb(side) {
    const slot = create('slot', { name: side }, picture(THUMB));
    const button = create('button', { type: 'button', part: `button ${side}` }, slot);
    // The second click of a double click is a habit, and a held key repeats: neither is a change of mind.
    button.onclick = ({ detail }) => detail < 2 && this.#press(side);
    button.onkeydown = ({ repeat, key }) => !repeat || key !== 'Enter';
    return button;
  }

  /** @param {'up' | 'down'} side */
  #press(side) {
    if (this.hasAttribute('disabled') || this.hasAttribute('readonly')) return;
    const name = this.text('name');
    const change = { ...press(this.#value, side), ...(name && { name }) };
    const { target, part } = this.about();
    if (!this.fire('sayso-rate', { target, part, previous: null, ...change })) return;
    // Made first and added last: what cannot be sent must not be shown as saved, and a page that sends it by
    // a way of its own is handed the whole event, id and all.
    const event = this.make('thumb', change);
    if (!event) return;
    this.client?.remember(this.#what(), change.value);
    this.#show(change.value);
    this.#say(change.value ? this.#strings.saved : this.#strings.removed);
    if (this.fire('sayso-feedback', event)) this.client?.add(event, { source: this });
  }

  /** @param {any} error */
  #failed({ detail: { event } }) {
    if (event.kind === 'thumb') this.#say(this.#strings.failed, true);
  }

  /** @param {string} text @param {boolean} [failed] */
  #say(text, failed = false) {
    // The same words are read out again only if the text differs.
    this.#status.textContent = text + (text && text === this.#status.textContent ? '\u00a0' : '');
    this.#status.classList.toggle('failed', failed);
    this.#mark('error', failed);
  }

  /** @param {Verdict} value */
  #show(value) {
    this.#value = value;
    this.#render();
  }

  #render() {
    this.#group.ariaLabel = this.text('label') || this.#strings.label;
    for (const [side, button] of Object.entries(this.#thumbs)) {
      const pressed = this.#value === side;
      button.ariaLabel = this.#strings[/** @type {'up' | 'down'} */ (side)];
      button.ariaPressed = `${pressed}`;
      button.ariaDisabled = `${this.hasAttribute('readonly')}`;
      button.disabled = this.hasAttribute('disabled');
      this.#mark(side, pressed);
    }
  }

  /** @param {string} state @param {boolean} on */
  #mark(state, on) {
    this.#states?.[on ? 'add' : 'delete'](state);
  }
}

mirror(SaysoThumbs, ['target', 'name', 'actor', 'session', 'token', 'label']);
