/**
 * What people do without being asked: copy an answer, have it made again, leave it, ask a question about it, keep what
 * was suggested. Ids and counts, never text.
 */

/**
 * @typedef {{record: (kind: string, target: string, body: {[field: string]: any}, about?: import('./kinds.js').About) => string}} Client
 * @typedef {import('./kinds.js').About} About
 */

/** @type {(name: string) => (client: Client, target: string, value?: number, about?: About) => string} */
const signal = (name) => (client, target, value, about) => client.record('signal', target, { name, value }, about);

/** The answer was copied; `value` may say how many characters of it. */
export const copied = signal('copied');

/** The answer was made again; `value` may say for which time. */
export const regenerated = signal('regenerated');

/** The answer was left before it was done; `value` may say after how many ms. */
export const abandoned = signal('abandoned');

/** The person went on asking about the answer; `value` may say how many messages followed. */
export const followedUp = signal('followed_up');

/**
 * Record `copied` when a person copies out of an element, with the number of characters. The same piece counts once.
 * @param {Client} client
 * @param {HTMLElement} element that shows the target
 * @param {string} target
 * @param {About} [about]
 * @returns {() => void} stops it
 */
export function watchCopies(client, element, target, about) {
  let last = '';
  const hear = () => {
    const text = `${element.ownerDocument.getSelection()}`;
    if (!text || text === last) return;
    last = text;
    copied(client, target, text.length, about);
  };
  element.addEventListener('copy', hear);
  return () => element.removeEventListener('copy', hear);
}

/** Of either text; what comes later is not looked at. Comparing takes time that grows with the square of it. */
const MOST_WORDS = 2000;

/**
 * Record how much of an accepted suggestion is left after a while. Only that share is sent, never the texts.
 * @param {Client} client
 * @param {string} target
 * @param {{proposed: string, final: string, after_s: number}} texts what was accepted, what stands there now, and how
 *   many seconds later
 * @param {About} [about]
 */
export const survived = (client, target, { proposed, final, after_s }, about) =>
  client.record('suggestion', target, { survival: { after_s, kept: kept(proposed, final) } }, about);

/**
 * The share of the accepted text's words that are still in the final text, in the same order: the length of their
 * longest common subsequence by the number of the accepted words. Words are what stands between spaces, and where a
 * script writes none, as Chinese does, each character. An accepted text without words is kept whole.
 * @param {string} accepted
 * @param {string} final
 * @returns {number} from 0 to 1
 */
export function kept(accepted, final) {
  const [words, others] = [wordsOf(accepted), wordsOf(final)];
  if (!words.length) return 1;
  let row = new Uint16Array(others.length + 1);
  for (const word of words) {
    const next = new Uint16Array(row.length);
    others.forEach((other, at) => {
      next[at + 1] = word === other ? row[at] + 1 : Math.max(next[at], row[at + 1]);
    });
    row = next;
  }
  return row[others.length] / words.length;
}

/** @param {string} text */
const wordsOf = (text) =>
  (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu) ?? []).slice(0, MOST_WORDS);
