/**
 * From a fact to the collector: stamps an event, keeps it until it is confirmed, sends it again until then, and tells
 * what became of it. This is what every page loads; what back ends and some pages need beside it is in index.js.
 * One closure, since the names in a closure cost no bytes.
 */
import { badName, isName } from './check.js';
import { build, envelope, tick, toText, uuid7 } from './event.js';
import { count, sift } from './queue.js';
import { post } from './send.js';
import { attempt, Store } from './store.js';
import { tell } from './tell.js';

/**
 * @typedef {import('./event.js').WireEvent} WireEvent
 * @typedef {import('./event.js').Fields} Fields
 * @typedef {import('./send.js').Answer} Answer
 * @typedef {EventTarget & {isConnected?: boolean}} Source
 * @typedef {'sent' | 'queued' | 'error' | 'dropped'} Outcome
 *
 * @typedef {object} Detail What is told of an event
 * @property {WireEvent} event
 * @property {string} [reason]
 * @property {string} [message]
 * @property {unknown} [detail]
 * @property {boolean} [kept] whether it will be tried again
 *
 * @typedef {object} Options
 * @property {string} [key] a publishable key (`pk_...`)
 * @property {string} [url] where the collector is
 * @property {(body: string) => Promise<Answer>} [transport] instead of a request: takes the body of one and gives what
 *   the collector says to it, `{status, results}` or `{status, reason, message, retryAfter}`
 * @property {(event: WireEvent) => WireEvent | null | undefined} [beforeSend] sees each event before it is kept or
 *   sent, and gives the event that may be; nothing drops it
 * @property {(outcome: Outcome, detail: Detail) => void} [told] hears what became of each event
 * @property {import('./queue.js').Most} [most]
 *
 * @typedef {ReturnType<typeof createClient>} Client
 */

/** @type {{[status: string]: Outcome}} */
const OUTCOMES = { accepted: 'sent', rejected: 'error' };
const BATCH = 50;
const MOST = { count: 200, characters: 600_000, ms: 7 * 24 * 3_600_000 };
const LOCK_MS = 10_000;
const SOON_MS = 1000;
const LONGEST_MS = 3_600_000;
const REMEMBERED = 500;
const BROWSER = 'sayso:browser';

/**
 * @param {Options} options
 * @param {any} [window] storage, network, clock and chance
 */
export function createClient({ key, url = '', transport, beforeSend, told, most = MOST }, window = globalThis) {
  if (/^sk/.test(`${key}`)) throw Error('sayso: a secret key must never be in a page');
  const { Date, Math, crypto, document, navigator } = window;
  const name = `sayso:${key}`;
  const prefix = `${name}:event:`;
  const verdicts = `${name}:verdicts`;
  const losses = `${name}:dropped`;
  const address = `${url.replace(/\/$/, '')}/v1/events`;
  const fetch = window.fetch; // as it is now, before anything else on the page replaces it
  const store = new Store(() => window.localStorage);
  /** @type {Map<string, Source | undefined>} where the outcome of this page's own events is told */
  const sources = new Map();
  /** @type {Set<string>} ids of events that this page handed to the network */
  const tried = new Set();
  /** @type {any} */
  let timer;
  /** @type {Promise<void> | undefined} */
  let sending;
  /** @type {string | undefined} */
  let speaker;
  /** How often each outcome was told, and each reason. @type {{[word: string]: number}} */
  const counts = {};
  let tries = 0;
  let notBefore = 0;

  /** 20 random hexadecimal digits. */
  const digits = () =>
    [...crypto.getRandomValues(new Uint8Array(20))].map((byte) => (byte & 15).toString(16)).join('');

  /** Every event that waits, of every page of this origin, oldest first. */
  const waiting = () =>
    sift(store.names(prefix).map((entry) => [entry.slice(prefix.length), store.get(entry)]), Date.now(), most, drop);

  /** @param {{[reason: string]: number}} more that the collector does not know of yet */
  const lose = (more) => store.set(losses, count(store.get(losses), more));

  /** @param {WireEvent} event @param {string} reason under which the loss is counted */
  function drop(event, reason) {
    lose({ [reason]: 1 });
    say(event, 'dropped', { reason });
  }

  /** @param {WireEvent} event @param {Outcome} outcome @param {Omit<Detail, 'event'>} about */
  function say(event, outcome, about) {
    const { id } = event;
    const source = sources.get(id);
    const place = source?.isConnected ? source : document;
    const detail = { event, ...about };
    if (!about.kept) {
      store.remove(prefix + id);
      sources.delete(id);
      tried.delete(id);
    }
    count(counts, { [outcome]: 1, [about.reason ?? outcome]: 1 });
    told?.(outcome, detail);
    // Pages need not tell a loss from a refusal.
    if (place) tell(place, `sayso-${outcome.replace('dropped', 'error')}`, detail);
  }

  /** @param {WireEvent[]} events @param {{[reason: string]: number}} [dropped] */
  function bodyOf(events, dropped) {
    for (const { id } of events) tried.add(id);
    const sent_at = toText(tick(store.get(BROWSER), Date.now()).last);
    return envelope({ key, sent_at, report: dropped && { dropped } }, events);
  }

  /** @param {number} wait ms; never less than the collector asked for */
  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(run, Math.max(wait, notBefore - Date.now()));
    timer.unref?.(); // nothing that waits keeps a process alive
  }

  function run() {
    // What is under way sends new events too, unless it has just seen that there are none.
    if (sending || Date.now() < notBefore) plan(SOON_MS);
    else sending = alone();
    return sending;
  }

  /** One tab at a time. One that the system put to sleep may hold the lock for good: what two send, is taken once. */
  async function alone() {
    try {
      await navigator.locks.request(name, { signal: AbortSignal.timeout(LOCK_MS) }, drain);
    } catch {
      await drain();
    } finally {
      sending = undefined;
    }
  }

  async function drain() {
    for (let length = BATCH; ; ) {
      const events = waiting().slice(0, Math.min(length, BATCH));
      if (!events[0]) return;
      const answer = await send(events);
      if (answer.status !== 413) {
        if (!settle(events, answer)) return;
        length *= 2;
      } else if (events[1]) length = events.length >> 1;
      else drop(events[0], 'too_large');
    }
  }

  /** @param {WireEvent[]} events @returns {Promise<Answer>} also where a page has replaced fetch by something that throws */
  async function send(events) {
    const dropped = store.get(losses);
    store.remove(losses);
    const body = bodyOf(events, dropped);
    let answer;
    try {
      answer = Object(await (transport?.(body) ?? post(fetch, address, body)));
    } catch (error) {
      answer = { reason: 'network', message: `${error}` };
    }
    if (!answer.results) lose(dropped);
    return answer;
  }

  /** @param {WireEvent[]} events @param {Answer} answer @returns {boolean} whether it holds the last word on all of them */
  function settle(events, { status, results, retryAfter, ...why }) {
    // What is wrong with the request, the key or the address does not pass by itself, but a new page may be right.
    const isHopeless = /^4(?!08|29)/.test(`${status}`);
    const left = events.filter((event) => {
      /** @type {any} */
      const answers = [].concat(/** @type {any} */ (results));
      const { status, ...about } = answers.find((/** @type {any} */ one) => one?.id === event.id) ?? {};
      const outcome = OUTCOMES[status];
      say(event, outcome ?? (isHopeless ? 'error' : 'queued'), outcome ? about : { ...why, kept: true });
      return !outcome;
    });
    tries += 1;
    if (!left[0]) tries = 0;
    else {
      const wait = Math.min(isHopeless ? LONGEST_MS : (retryAfter || 1) * 1000, LONGEST_MS);
      notBefore = Date.now() + wait;
      // Anywhere up to a limit that doubles, so that the pages of many people do not come back together.
      plan(wait + Math.random() * Math.min(500 * 2 ** tries, LONGEST_MS));
    }
    return !left[0];
  }

  /** Try afresh. */
  function wake() {
    tries = 0;
    plan(Math.random() * SOON_MS);
  }

  /**
   * Have the browser send events after the page is gone: together, or the later half first where that is too much.
   * @param {WireEvent[]} events
   */
  function hand(events) {
    const isTaken = () => (transport ? run() : navigator.sendBeacon(address, bodyOf(events)));
    if (!events[0] || attempt(isTaken) || !events[1]) return;
    hand(events.splice(events.length >> 1));
    hand(events);
  }

  /** The page may be gone in a moment: hand over what was never sent, or would be lost with the page. */
  const leave = () => hand(waiting().filter(({ id }) => !tried.has(id) || !store.lasts(prefix + id)));

  for (const type of ['online', 'pageshow', 'pagehide', 'visibilitychange', 'storage'])
    window.addEventListener?.(type, (/** @type {any} */ { key, newValue }) =>
      key ? newValue ?? store.forget(key) : document?.hidden || type === 'pagehide' ? leave() : wake(),
    );
  wake();

  const client = {
    counts,

    /**
     * Make an event of a fact: with an id, a time, a number, and a name for this browser.
     * @param {Fields} fields kind, target, body, and whom it is from
     * @returns {{event: WireEvent, bad?: string}} what is bad about it, if it cannot be sent
     */
    make(fields) {
      const known = store.get(BROWSER);
      const anonymous = isName(known.anonymous) ? known.anonymous : document && digits();
      const { last, ahead, seq } = tick(known, Date.now());
      const stamp = { id: uuid7(last, digits()), occurred_at: toText(last), seq };
      const event = attempt(() => build({ anonymous, ...fields, actor: fields.actor || speaker }, stamp));
      const bad = badName({ ...fields, ...fields.body }) ?? (event ? undefined : 'a value that JSON cannot say');
      if (!bad) store.set(BROWSER, { anonymous, last, ahead, seq });
      return { bad, event: event ?? /** @type {any} */ ({ ...stamp, kind: fields.kind, target: fields.target }) };
    },

    /**
     * Have an event seen by `beforeSend`, keep it, then send it: at once, or soon and together with others.
     * @param {WireEvent} made
     * @param {{source?: Source, soon?: boolean}} [options]
     */
    add(made, { source, soon } = {}) {
      // By way of JSON: what that cannot say would stop all that wait with it.
      const event = beforeSend ? attempt(() => JSON.parse(JSON.stringify(beforeSend(made)))) : made;
      sources.set(made.id, source);
      if (!event) return drop(made, 'before_send');
      store.set(prefix + event.id, event);
      waiting(); // so that there is room for it
      if (soon) plan(SOON_MS);
      else run();
    },

    /**
     * Record a fact. It never throws: what cannot be right is told as an error.
     * @param {string} kind
     * @param {string | undefined} target
     * @param {Fields} body
     * @param {Fields} [about] part, actor, session, token, meta
     * @returns {string} the id of the event
     */
    record(kind, target, body, about) {
      const { event, bad } = client.make({ kind, target, body, ...about });
      if (bad) say(event, 'error', { reason: 'invalid', message: `unusable: ${bad}` });
      else client.add(event);
      return event.id;
    },

    /** @param {string} actor who speaks from now on; the events carry this and the random name of the browser */
    identify(actor) {
      speaker = actor;
    },

    /** Forget who spoke here and what was said, as after a logout. What waits is still sent, unless `clear()` follows. */
    reset() {
      speaker = undefined;
      store.remove(verdicts);
      store.set(BROWSER, { ...store.get(BROWSER), anonymous: undefined });
    },

    /** Drop what waits. */
    clear: () => waiting().forEach((event) => drop(event, 'cleared')),

    /** @param {string} what @returns {any} the verdict that was given here last */
    recall: (what) => store.get(verdicts)[what],

    /** @param {string} what @param {any} verdict null forgets */
    remember(what, verdict) {
      const all = store.get(verdicts);
      delete all[what]; // so that it becomes the youngest
      if (verdict) all[what] = verdict;
      store.set(verdicts, Object.fromEntries(Object.entries(all).slice(-REMEMBERED)));
    },

    waiting,
    drop,
    run,
    wake,
    leave,
  };
  return client;
}
