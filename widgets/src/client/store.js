/**
 * Named JSON values that outlive the page, in localStorage; in the memory of the page where the browser refuses,
 * and where another script takes away what it finds there. Nothing here throws: some private windows refuse all
 * access, and a full store refuses to write.
 */

export class Store {
  /** @type {{[name: string]: any}} what this page wrote */
  #memory = {};
  #area;
  /** What was read last, and what it says: 500 elements ask for the same. @type {string | undefined} */
  #text;
  /** @type {any} */
  #value;

  /** @param {() => any} open asked once for a Storage, and even that may throw */
  constructor(open) {
    this.#area = attempt(open);
  }

  /** @param {string} name @returns {any} an empty object where there is none, or another script damaged it */
  get(name) {
    const text = attempt(() => this.#area[name]);
    if (text !== this.#text) {
      this.#text = text;
      this.#value = text && attempt(() => JSON.parse(text));
    }
    return Object(this.#value ?? this.#memory[name]);
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    this.#memory[name] = value;
    // Where it cannot be written, what stood there before is no longer true.
    attempt(() => (this.#area[name] = JSON.stringify(value))) ?? attempt(() => delete this.#area[name]);
  }

  /** @param {string} name */
  remove(name) {
    this.forget(name);
    attempt(() => delete this.#area[name]);
  }

  /** @param {string} name of a value that another page took away */
  forget(name) {
    delete this.#memory[name];
  }

  /** @param {string} prefix @returns {string[]} every name that starts so, the last one first */
  names(prefix) {
    const names = Object.keys(this.#memory).concat(attempt(() => Object.keys(this.#area)) ?? []);
    return [...new Set(names)].filter((name) => name.startsWith(prefix)).sort().reverse();
  }

  /** @param {string} name @returns {unknown} whether it would still be there after a reload */
  lasts(name) {
    return attempt(() => this.#area[name]);
  }
}

/**
 * @template T
 * @param {() => T} action
 * @returns {T | undefined} undefined where it threw
 */
export function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
