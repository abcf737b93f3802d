/**
 * What every widget has in common: the attributes that say what and whom it is about, the way to the client,
 * and manners as a custom element.
 */
import { unwatch, watch } from './exposure.js';
import { tell } from '../client/tell.js';

/**
 * @typedef {import('../client/client.js').Client} Client
 * @typedef {import('../client/event.js').WireEvent} WireEvent
 */

const FLAGS = ['disabled', 'readonly', 'no-exposure'];

/** Observed by every widget, beside its own. */
export const ATTRIBUTES = ['target', 'part', 'actor', ...FLAGS];

/** @type {Set<string>} what this page has already said was seen */
const exposed = new Set();

/** So that the classes can be imported where there is no DOM. */
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

export class SaysoElement extends Base {
  /** The widget's own tag, and its name in the wire's list of surfaces. */
  static tag = '';
  static surface = '';

  /** @type {Client | undefined} of every element that is given none of its own */
  static client;

  /** @type {Client | undefined} */
  #client;

  /**
   * Register the element. It never throws, also where the name is taken, as by a second copy of the script.
   * @param {string} [tag]
   * @param {CustomElementRegistry} [registry]
   * @returns {boolean} whether this class now stands behind the name
   */
  static define(tag = this.tag, registry = customElements) {
    try {
      if (registry.get(tag)) return false;
      registry.define(tag, this);
      return true;
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

  connectedCallback() {
    // What was set before the element was defined hides our accessors.
    for (const [name, value] of Object.entries(this)) {
      if (!(name in this.constructor.prototype)) continue;
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    this.update();
  }

  disconnectedCallback() {
    unwatch(this);
  }

  attributeChangedCallback() {
    this.update();
  }

  /** Bring everything in line with the attributes. Runs whenever one of them changes. */
  update() {
    const { surface } = /** @type {typeof SaysoElement} */ (this.constructor);
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

  /** What the element's events are about, and who is speaking. */
  about() {
    return { target: this.text('target'), part: this.text('part'), actor: this.text('actor') };
  }

  /**
   * Make an event of this element, or say as `sayso-error` why it cannot be made.
   * @param {string} kind
   * @param {import('../client/event.js').Fields} body
   * @returns {WireEvent | undefined}
   */
  make(kind, body) {
    const fields = { kind, ...this.about(), session: this.text('session'), token: this.text('token'), body };
    const { event, bad } = this.client?.make(fields) ?? { event: fields, bad: 'client' };
    if (!bad) return /** @type {WireEvent} */ (event);
    this.fire('sayso-error', { event, reason: 'invalid', message: `${bad} is unusable` });
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   * @returns {boolean} false where a listener prevented it
   */
  fire(type, detail) {
    return tell(this, type, detail);
  }
}

/**
 * Give a class a property for each attribute, so that a framework may set either.
 * @param {typeof SaysoElement} element
 * @param {string[]} attributes
 */
export function mirror({ prototype }, attributes) {
  for (const attribute of [...FLAGS, ...attributes]) {
    const isFlag = FLAGS.includes(attribute);
    Object.defineProperty(prototype, attribute.replace('-e', 'E'), {
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

/** @param {string} d the outline of a picture on a square of 24 */
export const picture = (d) =>
  fill(inSvg('svg'), { viewBox: '0 0 24 24', part: 'icon' }, [fill(inSvg('path'), { d })]);

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
