/**
 * What was typed or chosen and not sent: kept for the tab, so that a reload or a slip loses nothing, and never
 * sent by itself.
 */
import { Store } from '../client/store.js';

const NAME = 'sayso:drafts';
const KEPT = 20;
const LONGEST = 10_000;

const store = new Store(() => sessionStorage);

/** @param {string} what @returns {any} */
export const recallDraft = (what) => store.get(NAME)[what];

/**
 * @param {string} what
 * @param {unknown} draft nothing forgets; what is too long is not kept
 */
export function keepDraft(what, draft) {
  const drafts = store.get(NAME);
  if (!draft && !(what in drafts)) return;
  delete drafts[what]; // so that it becomes the youngest
  if (draft && JSON.stringify(draft).length < LONGEST * 2) drafts[what] = draft;
  for (const old of Object.keys(drafts).slice(0, -KEPT)) delete drafts[old];
  store.set(NAME, drafts);
}
