/**
 * From a fact to the collector: stamps it, keeps it until it is confirmed, sends it again until then.
 * What became of it is told as an event on the element it came from, else on the document.
 */
import { badName } from './check.js';
import { build, envelope, size, tick, toText, uuid7 } from './event.js';
import { Queue } from './queue.js';
import { beacon, pause, post } from './send.js';
import { Store } from './store.js';
import { tell } from './tell.js';

/**
 * @typedef {import('./event.js').WireEvent} WireEvent
 * @typedef {import('./send.js').Answer} Answer
 * @typedef {EventTarget & {isConnected?: boolean}} Source
 */

/** Less than the 64 KiB of a beacon, also where every character takes three bytes. */
const BATCH = { count: 50, characters: 20_000 };
const TRIES = 8;
const LOCK_MS = 10_000;
const SOON_MS = 1000;
const REMEMBERED = 500;
const BROWSER = 'sayso:browser';

export class Client {
  #key;
  #url;
  #window;
  #fetch;
  #store;
  #queue;
  #name;
  #verdicts;
  /** @type {Map<string, Source | undefined>} where the outcome of this page's own events is told */
  #sources = new Map();
  /** @type {Set<string>} ids of this page's own events that nobody tried to send */
  #untried = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #planned = Infinity;
  #notBefore = 0;
  #tries = 0;
  #sending = false;

  /**
   * @param {{key: string, url: string}} collector a publishable key, and where the collector is
   * @param {typeof globalThis} [window] storage, network, clock and chance
   */
  constructor({ key, url }, window = globalThis) {
    this.#key = key;
    this.#url = `${url.replace(/\/$/, '')}/v1/events`;
    this.#window = window;
    this.#fetch = window.fetch.bind(window); // as it is now, before anything else on the page replaces it
    this.#store = new Store(() => window.localStorage);
    this.#name = `sayso:${key}`;
    this.#verdicts = `${this.#name}:verdicts`;
    this.#queue = new Queue(this.#store, this.#name);
  }

  /** Send what earlier pages left, and again whenever there is new hope. */
  start() {
    const { document } = this.#window;
    const leaveOrWake = () => (document.hidden ? this.leave() : this.wake());
    document.addEventListener('visibilitychange', leaveOrWake);
    this.#window.addEventListener('online', leaveOrWake);
    this.#window.addEventListener('pageshow', leaveOrWake);
    this.#window.addEventListener('pagehide', () => this.leave());
    this.#window.addEventListener('storage', ({ key, newValue }) => newValue ?? this.#queue.forget(key));
    this.wake();
  }

  /**
   * Make an event of a fact: with an id, a time, a number, and a name for this browser.
   * @param {import('./event.js').Fields} fields kind, target, body, and whom it is from
   * @returns {{event: WireEvent, bad?: string}} what is bad about it, if it cannot be sent
   */
  make(fields) {
    const { anonymous = this.#digits(), ...clock } = this.#browser();
    const { last, ahead, seq } = tick(clock, this.#now());
    const id = uuid7(last, this.#digits());
    const event = build({ anonymous, ...fields }, { id, occurred_at: toText(last), seq });
    const bad = badName({ ...event, name: event.body.name });
    if (!bad) this.#store.set(BROWSER, { anonymous, last, ahead, seq });
    return { event, bad };
  }

  /**
   * Keep an event, then send it: at once, or soon and together with others.
   * @param {WireEvent} event
   * @param {{source?: Source, soon?: boolean}} [options]
   */
  add(event, { source, soon } = {}) {
    this.#sources.set(event.id, source);
    this.#untried.add(event.id);
    for (const dropped of this.#queue.add(event)) this.#tell(dropped, 'error', { reason: 'queue_full' });
    if (!soon) this.#run();
    else if (this.#tries < TRIES) this.#plan(SOON_MS);
  }

  /** Try afresh. */
  wake() {
    this.#tries = 0;
    this.#plan(this.#window.Math.random() * SOON_MS);
  }

  /** The page may be gone in a moment: hand over what was never sent, or would be lost with the page. */
  leave() {
    const urgent = this.#queue
      .all()
      .filter(({ id }) => this.#untried.has(id) || (this.#sources.has(id) && !this.#queue.lasts(id)));
    const events = firstOf(urgent);
    if (events.length && beacon(this.#window.navigator, this.#url, this.#envelope(events))) this.#tried(events);
  }

  /** @param {string} what @returns {unknown} the verdict that was given here last */
  recall(what) {
    return this.#store.get(this.#verdicts)[what];
  }

  /** @param {string} what @param {unknown} verdict null forgets */
  remember(what, verdict) {
    const verdicts = this.#store.get(this.#verdicts);
    delete verdicts[what]; // so that it becomes the youngest
    if (verdict) verdicts[what] = verdict;
    for (const old of Object.keys(verdicts).slice(0, -REMEMBERED)) delete verdicts[old];
    this.#store.set(this.#verdicts, verdicts);
  }

  /** @returns {Partial<import('./event.js').Clock> & {anonymous?: string}} what this browser is known by */
  #browser() {
    return this.#store.get(BROWSER);
  }

  #now() {
    return this.#window.Date.now();
  }

  /** 20 random hexadecimal digits. */
  #digits() {
    const bytes = this.#window.crypto.getRandomValues(new Uint8Array(20));
    return Array.from(bytes, (byte) => (byte & 15).toString(16)).join('');
  }

  /** @param {number} wait ms */
  #plan(wait) {
    const now = this.#now();
    const at = Math.max(now + wait, this.#notBefore);
    if (at >= this.#planned) return;
    clearTimeout(this.#timer);
    this.#planned = at;
    this.#timer = setTimeout(() => {
      this.#planned = Infinity;
      this.#run();
    }, at - now);
  }

  async #run() {
    if (this.#now() < this.#notBefore) return this.#plan(0);
    // What is under way sends new events too, unless it has just seen that there are none.
    if (this.#sending) return this.#plan(SOON_MS);
    this.#sending = true;
    await this.#alone(() => this.#drain());
    this.#sending = false;
  }

  /**
   * Do something while no other tab does it. A tab that the system put to sleep may hold the lock for good,
   * hence the limit: what two tabs send twice, the collector takes once.
   * @param {() => Promise<void>} work
   */
  async #alone(work) {
    let begun = false;
    const begin = () => {
      begun = true;
      return work();
    };
    try {
      await this.#window.navigator.locks.request(this.#name, { signal: AbortSignal.timeout(LOCK_MS) }, begin);
    } catch {
      // There are no locks in this context, or the wait was over.
    }
    if (!begun) await work();
  }

  async #drain() {
    this.#queue.sweep();
    for (;;) {
      const events = firstOf(this.#queue.all());
      if (!events.length) return;
      this.#tried(events);
      const dropped = this.#queue.takeLosses();
      const answer = await post(this.#fetch, this.#url, this.#envelope(events, dropped));
      if (!answer.results.length) this.#queue.count(dropped);
      const left = events.filter((event) => !this.#settle(event, answer));
      if (left.length) return this.#later(left, answer);
      this.#tries = 0;
    }
  }

  /** @param {WireEvent} event @param {Answer} answer @returns {boolean} whether it holds the last word on the event */
  #settle(event, { results }) {
    const { status, ...about } = results.find((result) => result?.id === event.id) ?? {};
    const accepted = status === 'accepted';
    if (!accepted && status !== 'rejected') return false;
    this.#queue.remove(event.id);
    this.#tell(event, accepted ? 'sent' : 'error', about);
    this.#sources.delete(event.id);
    return true;
  }

  /** @param {WireEvent[]} events @param {Answer} answer */
  #later(events, { status, reason, message, retryAfter }) {
    // What is wrong with the request, the key or the address does not pass by itself, but a new page may be right.
    const hopeless = /^4(?!08|29)/.test(`${status}`);
    this.#tries = hopeless ? TRIES : this.#tries + 1;
    this.#notBefore = this.#now() + retryAfter * 1000;
    if (this.#tries < TRIES) this.#plan(pause(this.#tries, this.#window.Math.random(), retryAfter));
    for (const event of events) this.#tell(event, hopeless ? 'error' : 'queued', { reason, message, kept: true });
  }

  /** @param {WireEvent[]} events */
  #tried(events) {
    for (const { id } of events) this.#untried.delete(id);
  }

  /**
   * @param {WireEvent} event
   * @param {'sent' | 'queued' | 'error'} outcome
   * @param {{reason?: string, message?: string, detail?: unknown, kept?: boolean}} about
   */
  #tell(event, outcome, about) {
    const source = this.#sources.get(event.id);
    tell(source?.isConnected ? source : this.#window.document, `sayso-${outcome}`, { event, ...about });
  }

  /** @param {WireEvent[]} events @param {{[reason: string]: number}} [dropped] */
  #envelope(events, dropped) {
    const sent_at = toText(tick(this.#browser(), this.#now()).last);
    return envelope({ key: this.#key, sent_at, report: dropped && { dropped } }, events);
  }
}

/**
 * As many of the first events as fit into one request, at least one.
 * @param {WireEvent[]} events
 */
function firstOf(events) {
  let end = Math.min(events.length, BATCH.count);
  while (end > 1 && size(events.slice(0, end)) > BATCH.characters) end -= 1;
  return events.slice(0, end);
}
