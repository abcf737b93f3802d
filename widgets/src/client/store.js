/**
 * Named JSON values that outlive the page, in localStorage; in the memory of the page where the browser refuses.
 * Nothing here throws: some private windows refuse all access, and a full store refuses to write.
 */

export class Store {
  /** @type {Map<string, string>} what could not be written */
  #memory = new Map();
  #open;

  /** @param {() => Storage} open asked each time, since even asking may throw */
  constructor(open) {
    this.#open = open;
  }

  /** @param {string} name @returns {any} an empty object where there is none, or another script damaged it */
  get(name) {
    const text = this.#memory.get(name) ?? attempt(() => this.#open().getItem(name)) ?? '';
    return attempt(() => JSON.parse(text)) ?? {};
  }

  /** @param {string} name @param {unknown} value */
  set(name, value) {
    const text = JSON.stringify(value);
    this.#memory.set(name, text);
    attempt(() => {
      this.#open().setItem(name, text);
      this.#memory.delete(name);
    });
  }

  /** @param {string} name */
  remove(name) {
    this.#memory.delete(name);
    attempt(() => this.#open().removeItem(name));
  }

  /** @param {string} prefix @returns {string[]} every name that starts so and would be there after a reload */
  names(prefix) {
    const names = attempt(() => Object.keys(this.#open())) ?? [];
    return names.filter((name) => name.startsWith(prefix) && !this.#memory.has(name));
  }
}

/**
 * @template T
 * @param {() => T} action
 * @returns {T | undefined} undefined where it threw
 */
function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
