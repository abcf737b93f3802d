/**
 * One event as it goes over the wire, and the envelope around several. Pure: time and chance are handed in.
 */

/** What the collector stores as the sender. The version is the package's. */
export const SOURCE = { sdk: 'sayso-js/0.1.0' };

/**
 * @typedef {object} Clock
 * @property {number} last the last time given out (ms since 1970)
 * @property {number} ahead how far that was ahead of the machine's clock (ms)
 * @property {number} seq the last number given out
 *
 * @typedef {{id?: string, occurred_at?: string, seq?: number}} Stamp
 * @typedef {{[field: string]: any}} Fields
 * @typedef {Fields & {id: string, kind: string, body: Fields}} WireEvent
 */

/** The year 2200, beyond which the collector takes no time. */
const LATEST = 7_258_118_400_000;

/**
 * Move the clock on. Neither time nor number ever goes back: where the machine's clock was set back, time
 * goes on from where it was, at the same pace. Since `sent_at` comes from the same clock, the collector
 * sees how far it is off and corrects it.
 * @param {Partial<Clock>} clock
 * @param {number} machine its clock (ms since 1970)
 * @returns {Clock}
 */
export function tick({ seq = -1, ...clock }, machine) {
  const [last, ahead, now] = [clock.last, clock.ahead, machine].map(possible);
  const time = now < last ? Math.max(last, now + ahead) : now;
  return { last: time, ahead: time - now, seq: (seq + 1) | 0 }; // a damaged number begins anew
}

/** What other scripts may have left of a time or a span: 0 where it can be none. @param {any} ms */
const possible = (ms) => (ms > 0 && ms < LATEST ? ms : 0);

/** @param {number} time ms since 1970 */
export const toText = (time) => new Date(time).toISOString();

/**
 * A time-ordered UUID (version 7).
 * @param {number} time ms since 1970
 * @param {string} random 18 or more random hexadecimal digits
 */
export function uuid7(time, random) {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}

/** @param {string} id made above @returns {number} when (ms since 1970) */
export const timeOf = (id) => parseInt(id.replace('-', ''), 16);

/**
 * Put an event together, as JSON can say it: what is absent, null or empty is left out, half a character (as
 * a limit of length may leave it at the end of a text) becomes the sign for one that is unknown.
 * @param {Fields} fields kind, target, body, and what else is known
 * @param {Stamp} stamp
 * @returns {WireEvent}
 */
export function build(fields, stamp) {
  const all = Object.entries({ ...stamp, ...fields, source: SOURCE });
  const said = Object.fromEntries(all.filter(([, value]) => value != null && value !== ''));
  return JSON.parse(JSON.stringify(said, (_, value) => value?.toWellFormed?.() ?? value));
}

/**
 * The body of a request. The key travels inside, since a beacon cannot carry a header.
 * @param {{key?: string, sent_at: string, report?: {dropped: {[reason: string]: number}}}} about
 * @param {WireEvent[]} events
 */
export const envelope = (about, events) => JSON.stringify({ ...about, events });

/**
 * The characters that a value takes as JSON, which is what browsers count in storage.
 * @param {unknown} value
 */
export const size = (value) => JSON.stringify(value).length;
