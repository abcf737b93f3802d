/**
 * The client on a back end: Node from 20 on, workers, edge functions. The secret key goes in a header, events wait in
 * memory, in bounds that suit a server, and no browser is named.
 */
import { createClient } from './client.js';
import { size } from './event.js';
import { read } from './send.js';

/**
 * @typedef {import('./client.js').Client} Client
 * @typedef {import('./client.js').Options} Options
 * @typedef {import('./event.js').WireEvent} WireEvent
 */

const TIMEOUT_MS = 10_000;
/** What may wait, and how much of that is given on at once. A collector takes 1 MB. */
const MOST = { count: 10_000, characters: 64_000_000, ms: Infinity };
const AT_ONCE = { count: 50, characters: 400_000 };

/**
 * @param {Options & {fetch?: typeof globalThis.fetch}} options
 * @param {string} address
 * @param {any} window
 * @returns {Client}
 */
export function serve(options, address, window) {
  const { key = '', fetch = window.fetch, transport = bearer(fetch, address, key) } = options;
  const { Date, Math, crypto } = window;
  const backlog = new Backlog();
  const inside = new Backlog();

  const client = createClient(
    {
      ...options,
      key: undefined, // never in a body, which others may write down
      transport,
      most: MOST,
      told(outcome, detail) {
        options.told?.(outcome, detail);
        if (detail.kept) return;
        inside.remove(detail.event.id);
        pump();
      },
    },
    { Date, Math, crypto, localStorage: {} },
  );
  const { add, drop, waiting } = client;

  /** Give the client no more than fits into a request, so that an event costs the same however many wait. */
  function pump() {
    if (inside.count) return;
    while (inside.count < AT_ONCE.count && inside.characters < AT_ONCE.characters) {
      const event = backlog.shift();
      if (!event) return;
      inside.push(event);
      add(event);
    }
  }

  return Object.assign(client, {
    /** @type {typeof add} */
    add(event) {
      backlog.push(event);
      while (backlog.count > MOST.count || backlog.characters > MOST.characters) drop(/** @type {WireEvent} */ (backlog.shift()), 'queue_full');
      pump();
    },
    waiting: () => [...waiting(), ...backlog.events()],
    clear() {
      for (const event of [...backlog.events(), ...waiting()]) {
        backlog.remove(event.id);
        drop(event, 'cleared');
      }
    },
  });
}

/**
 * @param {typeof globalThis.fetch} fetch
 * @param {string} address
 * @param {string} key
 * @returns {(body: string) => Promise<import('./send.js').Answer>}
 */
const bearer = (fetch, address, key) => async (body) => {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  return read(await fetch(address, { method: 'POST', body, headers, signal: AbortSignal.timeout(TIMEOUT_MS) }));
};

/** Events in the order in which they came, and how much they are. */
class Backlog {
  /** @type {Map<string, WireEvent>} */
  #events = new Map();
  characters = 0;

  get count() {
    return this.#events.size;
  }

  /** @param {WireEvent} event */
  push(event) {
    this.#events.set(event.id, event);
    this.characters += size(event);
  }

  /** @returns {WireEvent | undefined} the oldest, which is no longer here */
  shift() {
    const [event] = this.#events.values();
    if (event) this.remove(event.id);
    return event;
  }

  /** @param {string} id */
  remove(id) {
    const event = this.#events.get(id);
    if (event && this.#events.delete(id)) this.characters -= size(event);
  }

  events() {
    return this.#events.values();
  }
}
