/**
 * What was typed or chosen and not sent: kept for the tab, so that a reload or a slip loses nothing, and never
 * sent by itself.
 */
import { Store } from '../client/store.js';

const NAME = 'sayso:drafts';
const KEPT = 20;
const MOST_CHARACTERS = 1_000_000;

const store = new Store(() => sessionStorage);

/** @param {string} what @returns {any} */
export const recallDraft = (what) => store.get(NAME)[named(what)];

/** A page names some drafts itself: none of these may be a name that every object has. @param {string} what */
const named = (what) => `=${what}`;

/**
 * @param {string} what
 * @param {unknown} draft nothing forgets; beyond the bounds the oldest are dropped
 */
export function keepDraft(what, draft) {
  what = named(what);
  const drafts = store.get(NAME);
  if (!draft && !(what in drafts)) return;
  delete drafts[what]; // so that it becomes the youngest
  if (draft) drafts[what] = draft;
  const names = Object.keys(drafts);
  while (names.length > KEPT || JSON.stringify(drafts).length > MOST_CHARACTERS) delete drafts[names.shift() ?? ''];
  store.set(NAME, drafts);
}

/** Forget all of them, as where somebody else sits down. */
export const forgetDrafts = () => store.remove(NAME);
