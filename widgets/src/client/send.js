/**
 * A page's request to the collector, and what its answer says. Back ends send in server.js.
 */

const TIMEOUT_MS = 10_000;

/** A browser shares 64 KiB among all keepalive requests of a page. Ours leave room for others. */
const KEEPALIVE_BYTES = 48 * 1024;

/** Bytes, of all clients of this page. */
let underway = 0;

/**
 * @typedef {object} Answer
 * @property {number} [status] none where no answer came
 * @property {{id: string, status: string, reason?: string, detail?: unknown}[]} [results] one for each event
 * @property {string} [reason] a word for what went wrong
 * @property {string} [message] a sentence for people
 * @property {number} [retryAfter] seconds that the collector asks us to wait
 */

/**
 * Send a body and read the answer. The request outlives the page where the browser has room for that. Others may
 * have used it up, which looks like any other failure, so that it is tried once more without.
 * @param {typeof globalThis.fetch} fetch
 * @param {string} url
 * @param {string} body goes as text/plain, so that the browser need not ask the collector first
 * @param {boolean} [plain] without keepalive
 * @returns {Promise<Answer>}
 */
export async function post(fetch, url, body, plain) {
  const bytes = new Blob([body]).size;
  const keepalive = !plain && underway + bytes < KEEPALIVE_BYTES;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  underway += bytes;
  try {
    return await read(await fetch(url, { method: 'POST', body, credentials: 'omit', keepalive, signal }));
  } catch (error) {
    if (keepalive && error instanceof TypeError) return post(fetch, url, body, true);
    throw error;
  } finally {
    underway -= bytes;
  }
}

/** @param {Response} response @returns {Promise<Answer>} */
export async function read(response) {
  const { status, headers } = response;
  const { results, error, message } = Object(await response.json().catch(() => 0));
  return { status, results, reason: error ?? `http_${status}`, message, retryAfter: Number(headers.get('Retry-After')) };
}
