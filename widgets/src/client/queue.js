/**
 * Events that no collector has confirmed yet: one entry of the store for each id, removed by id alone.
 * What this page added is in memory too, for stores that keep nothing and for pages that clear theirs.
 */
import { size } from './event.js';

/** @typedef {import('./event.js').WireEvent} WireEvent */

export class Queue {
  /** @type {Map<string, WireEvent>} this page's own */
  #own = new Map();
  #store;
  #prefix;
  #losses;
  #most;

  /**
   * @param {import('./store.js').Store} store
   * @param {string} name in front of everything that it keeps there
   * @param {{count: number, characters: number}} most beyond it the oldest are dropped and counted
   */
  constructor(store, name, most = { count: 200, characters: 256 * 1024 }) {
    this.#store = store;
    this.#prefix = `${name}:event:`;
    this.#losses = `${name}:dropped`;
    this.#most = most;
  }

  /**
   * @param {WireEvent} event
   * @returns {WireEvent[]} what had to be dropped for it
   */
  add(event) {
    this.#own.set(event.id, event);
    this.#store.set(this.#prefix + event.id, event);
    const events = this.all();
    let end = 0;
    while (size(events.slice(end)) > this.#most.characters || events.length - end > this.#most.count) end += 1;
    const dropped = events.slice(0, end);
    for (const { id } of dropped) this.drop(id, 'queue_full');
    return dropped;
  }

  /**
   * Every event that waits, of every page of this origin, oldest first. Damaged entries are passed over.
   * @returns {WireEvent[]}
   */
  all() {
    const events = new Map([...this.#own, ...this.#stored()].filter(([id, event]) => event.id === id));
    return [...events.keys()].sort().map((id) => events.get(id));
  }

  /** Drop and count the entries that another script damaged, where this page does not know better. */
  sweep() {
    for (const [id, event] of this.#stored()) if ((this.#own.get(id) ?? event).id !== id) this.drop(id, 'damaged');
  }

  /** @param {string} id of an event with a confirmed result */
  remove(id) {
    this.#own.delete(id);
    this.#store.remove(this.#prefix + id);
  }

  /** @param {string} id @param {string} reason under which the loss is counted */
  drop(id, reason) {
    this.remove(id);
    this.count({ [reason]: 1 });
  }

  /** @param {string} id @returns {boolean} whether it would still be there after a reload */
  lasts(id) {
    return this.#store.names(this.#prefix + id).length > 0;
  }

  /**
   * Another page took an entry out of the store that both share: it has seen to that event.
   * @param {string | null} name null where the whole store was cleared, which says nothing of any event
   */
  forget(name) {
    this.#own.delete(name?.slice(this.#prefix.length) ?? '');
  }

  /** @param {{[reason: string]: number}} losses that the collector does not know of yet */
  count(losses) {
    const all = this.#store.get(this.#losses);
    for (const reason in losses) all[reason] = (all[reason] ?? 0) + losses[reason];
    this.#store.set(this.#losses, all);
  }

  /** @returns {{[reason: string]: number}} the losses, to be reported; they have to be counted again if that fails */
  takeLosses() {
    const losses = this.#store.get(this.#losses);
    this.#store.remove(this.#losses);
    return losses;
  }

  /** @returns {[id: string, event: any][]} what the store holds under each id */
  #stored() {
    return this.#store.names(this.#prefix).map((name) => [name.slice(this.#prefix.length), this.#store.get(name)]);
  }
}
