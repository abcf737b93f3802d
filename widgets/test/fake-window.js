/**
 * As much of a browser as the client uses, with a collector behind its fetch that does what a test says.
 */

/** localStorage, as far as the client uses it: names are properties. */
export const storage = ({ full = false } = {}) =>
  new Proxy(/** @type {{[name: string]: string}} */ ({}), {
    set(area, name, text) {
      if (full) throw new DOMException('full', 'QuotaExceededError');
      area[name] = String(text);
      return true;
    },
  });

/** Tells the client what the collector says to each of its events. */
export const answers = (status, about = {}) => (events) =>
  Response.json({ results: events.map(({ id }) => ({ id, status, ...about })) });

/** An answer that is about the whole request. */
export const refuses = (status, headers = {}) => () =>
  Response.json({ error: 'busy', message: 'Try later.' }, { status, headers });

export const isDown = () => {
  throw new TypeError('Failed to fetch');
};

export function fakeWindow({ localStorage = storage(), now = 1_800_000_000_000 } = {}) {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { hidden: false });
  const told = [];
  for (const outcome of ['sent', 'queued', 'error']) {
    document.addEventListener(`sayso-${outcome}`, ({ detail }) => told.push({ outcome, ...detail }));
  }
  return Object.assign(window, {
    document,
    localStorage,
    told,
    requests: [],
    beacons: [],
    answer: answers('accepted'),
    time: now,
    Date: { now: () => window.time },
    Math: Object.create(Math, { random: { value: () => 0 } }),
    crypto: globalThis.crypto,
    navigator: {
      sendBeacon: (url, body) => Boolean(window.beacons.push({ url, ...JSON.parse(body) })),
    },
    async fetch(url, { body, ...options }) {
      const request = { url, options, ...JSON.parse(body) };
      window.requests.push(request);
      return window.answer(request.events);
    },
  });
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
