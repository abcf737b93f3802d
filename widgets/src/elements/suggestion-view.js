/**
 * The texts of a suggestion, as nodes: what goes and what comes, or what was settled on.
 */
import { diff, words } from './diff.js';
import { create } from './element.js';

/**
 * @param {string} view `inline`, `block` or `none`
 * @param {string | false} settled the text after a decision
 * @param {string} original
 * @param {string} suggestion
 * @param {string} locale
 * @returns {Node[]}
 */
export function texts(view, settled, original, suggestion, locale) {
  if (view === 'none') return [];
  if (settled !== false) return block('', [{ same: settled }]);
  const hunks = diff(original, suggestion, words(locale || undefined));
  if (view !== 'block') return block('inline', hunks);
  return [
    ...block('before', hunks.map(({ same, del }) => ({ same, del }))),
    ...block('after', hunks.map(({ same, ins }) => ({ same, ins }))),
  ];
}

/**
 * @param {string} part
 * @param {{same: string, del?: string, ins?: string}[]} hunks
 * @returns {Node[]} none where it would be empty
 */
function block(part, hunks) {
  const made = create('div', { part: `text ${part}`, dir: 'auto' });
  for (const { same, del, ins } of hunks) {
    made.append(same);
    if (del) made.append(create('del', { part: 'deletion' }, new Text(del)));
    if (ins) made.append(create('ins', { part: 'insertion' }, new Text(ins)));
  }
  return made.textContent ? [made] : [];
}
