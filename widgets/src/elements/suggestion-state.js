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
 * @typedef {{type: string, text?: string, suggestion?: string, change?: Change, id?: string, reason?: string,
 *   reasons?: string[]}} Action
 * @typedef {{change?: Change, detail?: {about: string, reasons: string[]}, remember?: boolean, say?: string,
 *   focus?: 'accept' | 'edit' | 'undo' | 'editor'}} Effects
 */

/** @type {State} */
export const BLANK = { state: 'pending', editing: false, busy: false, id: '', reasons: [] };

const NAMES = ['pending', 'accepted', 'edited', 'rejected'];

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
  const [more, effects] = STEPS[action.type](now, action);
  return { now: { ...now, ...more }, effects };
}

/** @type {{[type: string]: (now: State, action: any) => [Partial<State>, Effects]}} */
const STEPS = {
  accept: (now) => decide(now, 'accepted'),
  reject: (now) => decide(now, 'rejected'),
  save: (now, { text, suggestion }) =>
    text === suggestion
      ? decide(now, 'accepted', { draft: undefined })
      : decide(now, 'edited', { final: text, draft: undefined }),
  /** What was typed before is a draft again. */
  undo: (now) => decide(now, 'undone', { draft: now.state === 'edited' ? now.final : now.draft }),

  /** The event of a change is made by the element, which comes back with one of these two. */
  changed: (_, { change: { state, outcome, final, draft }, id }) => [
    { state, final, draft, id, reasons: [], editing: false, busy: false },
    { remember: true, say: outcome, focus: state === 'pending' ? 'accept' : 'undo' },
  ],
  kept: () => [{ busy: false }, {}],

  edit: ({ state, busy }) => (state === 'pending' && !busy ? [{ editing: true }, { focus: 'editor' }] : [{}, {}]),
  write: (now, { text }) => [now.editing && !now.busy ? { draft: text } : {}, {}],
  /** Escape: what was typed stays a draft. */
  close: (now) => leave(now, {}),
  cancel: (now) => leave(now, { draft: undefined }),

  /** As with a change: the element comes back with `told`. */
  choose: ({ state, id, reasons }, { reason }) => {
    const chosen = reasons.includes(reason) ? reasons.filter((one) => one !== reason) : [...reasons, reason];
    return [{}, state === 'rejected' && id ? { detail: { about: id, reasons: chosen } } : {}];
  },
  told: (_, { reasons }) => [{ reasons }, { remember: true, say: 'thanks' }],
};

/**
 * What is decided is undone before it is decided anew.
 * @param {State} now
 * @param {string} outcome
 * @param {{final?: string, draft?: string}} [texts]
 * @returns {[Partial<State>, Effects]}
 */
function decide({ state: previous, busy, draft }, outcome, texts) {
  const undoes = outcome === 'undone';
  if (busy || undoes === (previous === 'pending')) return [{}, {}];
  const state = undoes ? 'pending' : /** @type {Name} */ (outcome);
  return [{ busy: true }, { change: { state, previous, outcome, draft, ...texts } }];
}

/**
 * @param {State} now
 * @param {Partial<State>} more
 * @returns {[Partial<State>, Effects]}
 */
const leave = ({ editing, busy }, more) => (editing && !busy ? [{ ...more, editing: false }, { focus: 'edit' }] : [{}, {}]);
