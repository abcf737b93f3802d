/**
 * What every widget has in common: the attributes that say what and whom it is about, the way to the client,
 * its words, its style sheet, and manners as a custom element.
 */
import { SOURCE } from '../client/event.js';
import { tell } from '../client/tell.js';
import shared from './element-style.js';
import { unwatch, watch } from './exposure.js';
import { speakers, wordsFor } from './strings.js';

/**
 * @typedef {import('../client/client.js').Client} Client
 * @typedef {import('../client/event.js').WireEvent & {target: string}} WireEvent
 * @typedef {import('sayso-widgets/told').Told} Told
 */

const FLAGS = ['disabled', 'readonly', 'no-exposure'];

/** Observed by every widget, beside its own. */
export const ATTRIBUTES = ['target', 'part', 'name', 'actor', 'lang', ...FLAGS];

/** As what is unusable. */
const NO_KEY = 'no key, which data-key or configure() gives';

/** @type {Set<string>} what this page has already said was seen */
const exposed = new Set();

/** @type {Map<string, CSSStyleSheet>} one for all elements that look alike */
const sheets = new Map();

/** Where the page's client is: one for all copies of this module that a page's bundles may hold. */
const PAGE_CLIENT = Symbol.for('sayso:client');

/** @type {any} */
const page = globalThis;

/** So that the classes can be imported where there is no DOM. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

export class SaysoElement extends Base {
  static tag = '';
  static version = SOURCE.sdk;

  /** @type {import('./strings.js').Strings} its words in English */
  static english = {};

  /** Its name in the wire's list of surfaces. */
  surface = '';
  root = this.attachShadow({ mode: 'open' });
  /** The line that is read out. Seen only where it has something to say to everybody. */
  status = create('span', { role: 'status', part: 'status' });

  /** @type {Client | undefined} */
  #client;
  /** @type {import('./strings.js').Strings | undefined} */
  #strings;
  /** @type {ElementInternals | undefined} */
  internals;
  /** The id of the last event on its way. */
  #pending = '';
  /** @type {string | undefined} what the state shown is about */
  #shown;

  /** @type {Client | undefined} the page's: of every element that is given none of its own, also of those that are there already. */
  static get client() {
    return page[PAGE_CLIENT];
  }
  static set client(client) {
    page[PAGE_CLIENT] = client;
    exposed.clear(); // somebody else may sit there now
    for (const speaker of speakers) speaker.update();
  }

  /**
   * Register the element. It never throws, also where the name is taken, as by a second copy of the script.
   * @param {string} [tag]
   * @param {CustomElementRegistry} [registry]
   * @returns {boolean} whether this class now stands behind the name
   */
  static define(tag = this.tag, registry = globalThis.customElements) {
    if (!registry) return false; // on a server, which may import what registers it
    try {
      const taken = /** @type {any} */ (registry.get(tag));
      if (!taken) registry.define(tag, this);
      else if (taken.version !== this.version) console.warn(`sayso: <${tag}> is ${taken.version}, not ${this.version}`);
      return !taken;
    } catch (error) {
      console.warn(error);
      return false;
    }
  }

  get client() {
    return this.#client ?? SaysoElement.client;
  }
  set client(client) {
    this.#client = client;
    this.update();
  }

  /** Its words: English, or the registered language it stands in, and over both what the page sets here. */
  get strings() {
    const { english } = /** @type {typeof SaysoElement} */ (this.constructor);
    return { ...english, ...wordsFor(this), ...this.#strings };
  }
  set strings(strings) {
    this.#strings = strings;
    this.update();
  }

  /**
   * Fill the shadow. For constructors.
   * @param {string} css its own rules, beside the shared ones
   * @param {...Node} children
   */
  dress(css, ...children) {
    this.root.append(...children);
    this.addEventListener('sayso-sent', this.#heard);
    this.addEventListener('sayso-error', this.#heard);
    try {
      let sheet = sheets.get(css);
      if (!sheet) {
        sheets.set(css, (sheet = new CSSStyleSheet()));
        sheet.replaceSync(shared + css);
      }
      this.root.adoptedStyleSheets = [sheet];
      this.internals = this.attachInternals();
    } catch {
      // An older browser: plain buttons that work.
    }
  }

  connectedCallback() {
    // What was set before the element was defined hides our accessors.
    for (const [name, value] of Object.entries(this)) {
      if (!(name in this.constructor.prototype)) continue;
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    speakers.add(this);
    this.update();
  }

  /** A move in one step is no farewell: nothing is torn down, but it may stand in another language now. */
  connectedMoveCallback() {
    this.update();
  }

  disconnectedCallback() {
    speakers.delete(this);
    unwatch(this);
  }

  attributeChangedCallback() {
    if (speakers.has(this)) this.update();
  }

  /** Bring everything in line with the attributes. Runs whenever one of them changes. */
  update() {
    const what = this.client && this.what();
    if (this.isConnected && (!what || this.#shown !== what)) {
      const before = this.#shown;
      this.#shown = what;
      this.restore(what ?? '', before);
    }
    this.render();
    this.#watch();
  }

  /** Show what the page says or this browser remembers. @param {string} _what @param {string} [_before] */
  restore(_what, _before) {}

  /** Draw what is the case. */
  render() {}

  #watch() {
    const { surface } = this;
    const seen = JSON.stringify([surface, this.about()]);
    unwatch(this);
    if (!this.isConnected || exposed.has(seen) || FLAGS.some((flag) => this.hasAttribute(flag))) return;
    watch(this, (visible_ms) => {
      const event = !exposed.has(seen) && this.make('exposure', { surface, visible_ms });
      if (!event) return;
      exposed.add(seen);
      if (this.fire('sayso-exposure', event)) this.client?.add(event, { source: this, soon: true });
    });
  }

  /** @param {string} attribute */
  text(attribute) {
    return this.getAttribute(attribute) ?? '';
  }

  /** Whether nobody may change anything just now. */
  get idle() {
    return this.hasAttribute('disabled') || this.hasAttribute('readonly');
  }

  /** What the element's events are about, and who is speaking. */
  about() {
    return { target: this.text('target'), part: this.text('part'), actor: this.text('actor') };
  }

  /** The name under which this browser remembers what was said here. */
  what() {
    return JSON.stringify([this.surface, this.about(), this.text('name')]);
  }

  /**
   * Make an event of this element, or say as `sayso-error` why it cannot be made. An empty text is left out.
   * @param {string} kind
   * @param {import('../client/event.js').Fields} body
   * @returns {WireEvent | undefined}
   */
  make(kind, body) {
    const [session, token] = [this.text('session'), this.text('token')];
    const said = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== ''));
    const fields = { kind, ...this.about(), session, token, meta: /** @type {any} */ (this).context, body: said };
    const { event, bad } = this.client?.make(fields) ?? { event: fields, bad: NO_KEY };
    if (!bad) return /** @type {WireEvent} */ (event);
    this.fire('sayso-error', { event, reason: 'invalid', message: `unusable: ${bad}` });
  }

  /**
   * What a person does: ask the page, make the event, show it, send it. Made first and sent last: what cannot be
   * sent must not be shown as saved, and a page that sends it by a way of its own is handed the whole event.
   * @template {'sayso-rate' | 'sayso-detail' | 'sayso-comment'} Type
   * @param {Type} type of the event that the page may prevent
   * @param {Omit<Told[Type]['detail'], 'target' | 'part'>} detail what that says
   * @param {string} kind
   * @param {import('../client/event.js').Fields} body
   * @param {(event: WireEvent) => void} show
   */
  commit(type, detail, kind, body, show) {
    const { target, part } = this.about();
    const event = this.fire(type, /** @type {any} */ ({ target, part, ...detail })) && this.make(kind, body);
    if (!event) return;
    show(event);
    this.send(event);
  }

  /**
   * Tell the page of an event that a person made, and send it unless the page does so itself.
   * @param {WireEvent} event
   */
  send(event) {
    if (!this.fire('sayso-feedback', event)) return;
    this.#pending = event.id;
    this.mark('pending', true);
    this.client?.add(event, { source: this });
  }

  /** @param {any} outcome of an event of this element */
  #heard({ type, target, detail: { event } }) {
    if (event.id === this.#pending) this.mark('pending', false);
    if (type !== 'sayso-error' || target !== this || event.kind === 'exposure') return;
    this.say(this.strings.failed, true);
    this.mark('error', true);
  }

  /**
   * @template {keyof Told} Type
   * @param {Type} type
   * @param {Told[Type]['detail']} detail
   * @returns {boolean} false where a listener prevented it
   */
  fire(type, detail) {
    return tell(this, type, detail);
  }

  /**
   * Have a line read out.
   * @param {string} text
   * @param {boolean} [seen] whether it is shown as well
   */
  say(text, seen = false) {
    // The same words are read out again only if the text differs.
    this.status.textContent = text + (text && text === this.status.textContent ? '\u00a0' : '');
    this.status.classList.toggle('seen', seen);
    this.mark('error', false);
  }

  /** @param {string} state for `:state()` @param {boolean} on */
  mark(state, on) {
    this.internals?.states?.[on ? 'add' : 'delete'](state);
  }
}

/**
 * Give a class a property for each attribute, so that a framework may set either.
 * @param {typeof SaysoElement} element
 * @param {string[]} attributes
 * @param {string[]} [flags] those that are there or not
 */
export function mirror({ prototype }, attributes, flags = []) {
  flags = [...FLAGS, ...flags];
  for (const attribute of ['target', 'name', 'actor', 'session', 'token', ...attributes, ...flags]) {
    const isFlag = flags.includes(attribute);
    Object.defineProperty(prototype, attribute.replace(/-(.)/g, (_, letter) => letter.toUpperCase()), {
      configurable: true,
      get() {
        return isFlag ? this.hasAttribute(attribute) : this.text(attribute);
      },
      set(value) {
        if (isFlag ? !value : value == null) this.removeAttribute(attribute);
        else this.setAttribute(attribute, isFlag ? '' : value);
      },
    });
  }
}

/**
 * An element made without any HTML text, as a page with Trusted Types wants it.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{[attribute: string]: string}} attributes
 * @param {...Node} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const create = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/**
 * A button that does something. The second click of a double click is a habit, and no change of mind; what is under
 * the pointer by then may be another button.
 * @param {string} part
 * @param {() => void} act
 * @param {...Node} children
 */
export function knob(part, act, ...children) {
  const made = create('button', { type: 'button', part }, ...children);
  made.onclick = ({ detail }) => detail < 2 && act();
  return made;
}

/** @type {{[outline: string]: Node}} made once and copied, which is much faster */
const pictures = {};

/** @param {string} d the outline of a picture on a square of 24 */
export const picture = (d) =>
  (pictures[d] ??= fill(inSvg('svg'), { viewBox: '0 0 24 24', part: 'icon', 'aria-hidden': 'true' }, [
    fill(inSvg('path'), { d }),
  ])).cloneNode(true);

/** @param {string} tag */
const inSvg = (tag) => document.createElementNS('http://www.w3.org/2000/svg', tag);

/**
 * @template {Element} E
 * @param {E} element
 * @param {{[attribute: string]: string}} attributes
 * @param {Node[]} [children]
 */
function fill(element, attributes, children = []) {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}
