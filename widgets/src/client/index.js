/**
 * The client that code talks to, in pages and on back ends alike: a method for each kind of event, listeners, a flush.
 */
import { createClient as createPageClient } from './client.js';
import { KINDS, mistake } from './kinds.js';
import { post } from './send.js';
import { serve } from './server.js';
import { attempt } from './store.js';

/**
 * @typedef {import('./client.js').Detail} Detail
 * @typedef {import('./client.js').Outcome} Outcome
 * @typedef {import('./kinds.js').Recorders} Recorders
 * @typedef {import('./client.js').Options & {fetch?: typeof globalThis.fetch}} Options with another fetch than the
 *   platform's own, and a secret key (`sk_...`) where there is no page
 * @typedef {(detail: Detail) => void} Listener
 *
 * @typedef {object} More
 * @property {(outcome: Outcome, listener: Listener) => void} on
 * @property {(timeoutMs?: number) => Promise<boolean>} flush
 *
 * @typedef {import('./client.js').Client & Recorders & More} Client
 */

const LOOK_MS = 20;

/**
 * @param {Options} options
 * @param {any} [window] storage, network, clock and chance
 * @returns {Client}
 */
export function createClient(options, window = globalThis) {
  const { key = '', url = '', fetch, told } = options;
  const address = `${url.replace(/\/$/, '')}/v1/events`;
  const { transport = fetch && ((/** @type {string} */ body) => post(fetch, address, body)) } = options;
  /** @type {[outcome: Outcome, listener: Listener][]} */
  const listeners = [];
  const hearing = {
    ...options,
    /** @type {NonNullable<Options['told']>} */
    told(outcome, detail) {
      const { reason = '', message } = detail;
      // Once for each reason, so that a mistake is seen where nobody listens, and nothing is flooded.
      if (outcome === 'error' && client.counts[reason] === 1) console.warn(`sayso: ${reason}`, message ?? '');
      told?.(outcome, detail);
      for (const [wanted, listener] of listeners) if (wanted === outcome) attempt(() => listener(detail));
    },
  };
  const isServer = /^sk_/.test(key) && !window.document;
  const client = isServer ? serve(hearing, address, window) : createPageClient({ ...hearing, transport }, window);
  return withMethods(client, listeners);
}

/**
 * @param {import('./client.js').Client} client
 * @param {[outcome: Outcome, listener: Listener][]} listeners
 * @returns {Client}
 */
function withMethods(client, listeners) {
  const { make } = client;
  const recorders = Object.fromEntries(
    Object.keys(KINDS).map((kind) => [kind, (/** @type {any} */ ...given) => Reflect.apply(client.record, client, [kind, ...given])]),
  );
  return Object.assign(client, /** @type {Recorders} */ (recorders), {
    /** Say in words what is wrong, if it is wrong. @type {typeof make} */
    make(fields) {
      const bad = mistake(fields);
      return bad ? { event: { id: '', kind: '', body: {}, ...fields }, bad } : make(fields);
    },

    /** @param {Outcome} outcome @param {Listener} listener */
    on: (outcome, listener) => void listeners.push([outcome, listener]),

    /**
     * Send what waits, without any pause but one that the collector asked for.
     * @param {number} [timeoutMs]
     * @returns {Promise<boolean>} whether nothing waits any more
     */
    async flush(timeoutMs = 10_000) {
      let isLate = false;
      const [late, stop] = after(timeoutMs);
      late.then(() => (isLate = true));
      while (client.waiting()[0] && !isLate) {
        await Promise.race([client.run(), late]);
        if (client.waiting()[0]) await Promise.race([after(LOOK_MS)[0], late]);
      }
      stop();
      return !client.waiting()[0];
    },
  });
}

/**
 * A wait that keeps a process alive, and can be given up.
 * @param {number} ms
 * @returns {[over: Promise<void>, stop: () => void]}
 */
function after(ms) {
  /** @type {any} */
  let timer;
  return [new Promise((resolve) => (timer = setTimeout(resolve, ms))), () => clearTimeout(timer)];
}
