/**
 * The way to the collector: the only place that calls fetch and sendBeacon.
 */

const TIMEOUT_MS = 10_000;
/** At most 48 KB: a browser shares 64 KiB among all keepalive requests of a page. Larger ones go without. */
const KEEPALIVE_CHARACTERS = 16 * 1024;
const LONGEST_WAIT_S = 3600;

/**
 * @typedef {object} Answer
 * @property {number} status 0 where no answer came
 * @property {{id: string, status: string, reason?: string, detail?: unknown}[]} results one for each event
 * @property {string} reason a word for what went wrong
 * @property {string} [message] a sentence for people
 * @property {number} retryAfter seconds that the collector asks us to wait
 */

/**
 * Send a body and read the answer. It never throws: a page may have replaced fetch by something that does.
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @param {string} body goes as text/plain, so that the browser need not ask the collector first
 * @returns {Promise<Answer>}
 */
export async function post(fetch, url, body) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      credentials: 'omit',
      keepalive: body.length <= KEEPALIVE_CHARACTERS,
      signal: AbortSignal.timeout?.(TIMEOUT_MS),
    });
    const { results, error, message } = Object(await response.json().catch(() => null));
    return {
      status: response.status,
      results: [].concat(results ?? []),
      reason: error ?? `http_${response.status}`,
      message,
      retryAfter: Math.min(Number(response.headers.get('Retry-After')) || 0, LONGEST_WAIT_S),
    };
  } catch (error) {
    return { status: 0, results: [], reason: 'network', message: String(error), retryAfter: 0 };
  }
}

/**
 * How long to wait before trying again (ms): anywhere up to a limit that doubles, so that the pages of many
 * people do not come back together; never less than the collector asked for.
 * @param {number} tries that failed, 1 or more
 * @param {number} chance in [0, 1)
 * @param {number} retryAfter seconds
 */
export const pause = (tries, chance, retryAfter) =>
  retryAfter * 1000 + chance * Math.min(60_000, 500 * 2 ** tries);

/**
 * Hand a body to the browser to be sent after the page is gone. No answer can be read.
 * @param {Navigator} navigator
 * @param {string} url
 * @param {string} body
 * @returns {boolean} whether the browser took it
 */
export function beacon(navigator, url, body) {
  try {
    return navigator.sendBeacon(url, body);
  } catch {
    return false;
  }
}
