/**
 * What changed between two texts, in pieces that people can read. Pure.
 */

/**
 * @typedef {{same: string, del: string, ins: string}} Hunk what stays, then what goes and what comes in its place
 * @typedef {(text: string) => string[]} Split cuts a text into words and what is between them, losing nothing
 * @typedef {{x: number, y: number, length: number, before?: Run}} Run of equal words, and the runs before it
 */

/** Characters: what differs over more than that is shown as one piece. */
const LONGEST = 50_000;
/** Some 30 ms. What takes more has so little in common that one piece reads better anyway. */
const MOST_STEPS = 500_000;

/**
 * @param {string} [locale] whose words they are; else the browser's own
 * @returns {Split}
 */
export function words(locale) {
  try {
    const segmenter = new Intl.Segmenter(locale, { granularity: 'word' });
    return (text) => Array.from(segmenter.segment(text), ({ segment }) => segment);
  } catch {
    // No segmenter, or no such locale.
    return (text) => text.split(/(\s+)/);
  }
}

/**
 * All `same` and `del` in a row are the original, all `same` and `ins` the suggestion.
 * @param {string} original
 * @param {string} suggestion
 * @param {Split} split
 * @returns {Hunk[]}
 */
export function diff(original, suggestion, split) {
  const [start, end] = alike(original, suggestion);
  const [del, ins] = [original, suggestion].map((text) => text.slice(start, text.length - end));
  const [first, ...hunks] =
    (del.length + ins.length <= LONGEST && compare(split(del), split(ins))) || [{ same: '', del, ins }];
  const tail = { same: original.slice(original.length - end), del: '', ins: '' };
  return [{ ...first, same: original.slice(0, start) + first.same }, ...hunks, tail];
}

/**
 * How many characters at both ends are the same; each count ends at a space, so that it cuts no word.
 * @param {string} a
 * @param {string} b
 */
function alike(a, b) {
  const shorter = Math.min(a.length, b.length);
  let [start, end] = [0, 0];
  while (start < shorter && a[start] === b[start]) start += 1;
  if (a === b) return [start, 0];
  while (start && a[start - 1].trim()) start -= 1;
  while (end < shorter - start && a[a.length - end - 1] === b[b.length - end - 1]) end += 1;
  while (end && a[a.length - end].trim()) end -= 1;
  return [start, end];
}

/**
 * @param {string[]} a
 * @param {string[]} b
 * @param {number} [most] steps
 * @returns {Hunk[] | undefined} nothing where it takes more steps
 */
export function compare(a, b, most = MOST_STEPS) {
  const runs = longest(a, b, most);
  /** @type {Hunk[]} */
  const hunks = [];
  let [x, y, same] = [0, 0, ''];
  for (const run of runs ?? []) {
    const del = a.slice(x, run.x).join('');
    const ins = b.slice(y, run.y).join('');
    const last = hunks.at(-1);
    // A little that stays between two changes that are larger is harder to read than one change.
    if (last && same.length <= Math.min(width(last), width({ del, ins }))) {
      last.del += same + del;
      last.ins += same + ins;
    } else hunks.push({ same, del, ins });
    [x, y] = [run.x + run.length, run.y + run.length];
    same = a.slice(run.x, x).join('');
  }
  return runs && [...hunks, { same, del: '', ins: '' }];
}

/** @param {{del: string, ins: string}} change */
const width = ({ del, ins }) => Math.max(del.length, ins.length);

/**
 * The longest row of words that is in both, as Myers finds it: with the fewest words that go and come.
 * `ends[k]` is how far one gets in `a` with so many of them, being k further in `a` than in `b`.
 * @param {string[]} a
 * @param {string[]} b
 * @param {number} most steps
 * @returns {Run[] | undefined} ends with an empty run behind both; nothing where it takes more steps
 */
export function longest(a, b, most) {
  /** @type {{[k: number]: {x: number, run?: Run}}} */
  const ends = { 1: { x: 0 } };
  for (let gone = 0; most > 0; gone += 1) {
    for (let k = -gone; k <= gone; k += 2) {
      const [left, right] = [ends[k - 1], ends[k + 1]];
      const comes = k === -gone || (k < gone && left.x < right.x);
      let { x, run } = comes ? right : { x: left.x + 1, run: left.run };
      const from = x;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      if (x > from) run = { x: from, y: from - k, length: x - from, before: run };
      if (x >= a.length && x - k >= b.length) return inOrder({ x: a.length, y: b.length, length: 0, before: run });
      ends[k] = { x, run };
      most -= 1 + x - from;
    }
  }
}

/** @param {Run | undefined} run */
function inOrder(run) {
  const runs = [];
  for (; run; run = run.before) runs.push(run);
  return runs.reverse();
}
