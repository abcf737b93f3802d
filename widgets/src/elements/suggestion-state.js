/**
 * What becomes of a suggestion and of what is typed in its place. Pure.
 */

/**
 * @typedef {'pending' | 'accepted' | 'edited' | 'rejected'} Name
 * @typedef {{state: Name, previous: Name, outcome: string, final?: string, draft?: string}} Change
 *   `outcome` is the wire's word for it, `final` the text that the person kept
 * @typedef {{state: Name, final?: string, draft?: string, editing: boolean, busy: boolean, id: string,
 *   reasons: string[]}} State `draft` is typed and not saved; `id` is that of the last event; `busy` while a change is
 *   decided on by the page
 *
 * @typedef {{type: string, outcome?: string, text?: string, suggestion?: string, change?: Change, id?: string, reason?: string,
 *   reasons?: string[]}} Action
 * @typedef {{change?: Change, detail?: {about: string, reasons: string[]}, remember?: boolean, say?: string,
 *   focus?: 'accept' | 'edit' | 'undo' | 'editor'}} Effects
 */

/** @type {State} */
export const BLANK = { state: 'pending', editing: false, busy: false, id: '', reasons: [] };

export const NAMES = ['pending', 'accepted', 'edited', 'rejected'];

/**
 * The state that a text names; anything else is none.
 * @param {any} text
 * @returns {Name | undefined}
 */
export const named = (text) => (NAMES.includes(text) ? text : undefined);

/**
 * The text that stands in the page's own document in some state.
 * @param {{state: Name, final?: string}} now
 * @param {{original: string, suggestion: string, review: boolean}} texts `review`: applied before anybody was asked
 * @returns {string | undefined} nothing where only the page knows, as after a reload
 */
export function resultOf({ state, final }, { original, suggestion, review }) {
  if (state === 'edited') return final;
  return state === 'accepted' || (state === 'pending' && review) ? suggestion : original;
}

/**
 * @param {State} now
 * @param {Action} action
 * @returns {{now: State, effects: Effects}}
 */
export function step(now, action) {
  const [more, effects = {}] = STEPS[action.type](now, action) ?? [];
  return { now: { ...now, ...more }, effects };
}

/** @type {{[type: string]: (now: State, action: any) => [Partial<State>, Effects?] | undefined}} */
const STEPS = {
  /** What is decided is undone before it is decided anew. A text that was saved before is a draft again. */
  decide({ state: previous, busy, final, draft }, { outcome, text, suggestion }) {
    const undoes = outcome === 'undone';
    if (busy || undoes === (previous === 'pending')) return;
    const isTyped = text != null;
    if (isTyped && text === suggestion) outcome = 'accepted';
    const change = { state: undoes ? 'pending' : outcome, previous, outcome };
    const texts = isTyped ? outcome === 'edited' && { final: text } : { draft: undoes ? (final ?? draft) : draft };
    return [{ busy: true }, { change: { ...change, ...texts } }];
  },

  /** The event of a change is made by the element, which comes back with one of these two. */
  changed: (_, { change: { state, outcome, final, draft }, id }) => [
    { ...BLANK, state, final, draft, id },
    { remember: true, say: outcome, focus: state === 'pending' ? 'accept' : 'undo' },
  ],
  kept: () => [{ busy: false }],

  edit: ({ state, busy }) => (state === 'pending' && !busy ? [{ editing: true }, { focus: 'editor' }] : undefined),
  write: ({ editing, busy }, { text }) => (editing && !busy ? [{ draft: text }] : undefined),
  /** With the draft, or without it. */
  leave: ({ editing, busy }, { text }) => (editing && !busy ? [{ editing: false, draft: text }, { focus: 'edit' }] : undefined),

  /** As with a change: the element comes back with `told`. */
  choose({ state, id, reasons }, { reason }) {
    const others = reasons.filter((one) => one !== reason);
    const chosen = others.length < reasons.length ? others : [...reasons, reason];
    return state === 'rejected' && id ? [{}, { detail: { about: id, reasons: chosen } }] : undefined;
  },
  told: (_, { reasons }) => [{ reasons }, { remember: true, say: 'thanks' }],
};
