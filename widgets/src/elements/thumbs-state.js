/**
 * What becomes of a pair of thumbs and its panel. Pure.
 */

/**
 * @typedef {'up' | 'down' | null} Verdict
 * @typedef {{reasons: string[], comment: string}} Detail
 * @typedef {Detail & {value: Verdict, id: string, open: boolean, told: Detail}} State
 *   `id` is that of the event that a detail would be about; `told` is what was sent, the rest may be a draft
 *
 * @typedef {{type: string, side?: 'up' | 'down', locked?: boolean, value?: Verdict, id?: string, asks?: boolean,
 *   reason?: string, comment?: string}} Action
 * @typedef {{rate?: {value: Verdict, previous?: Verdict}, detail?: {about: string, reasons: string[], comment: string},
 *   remember?: boolean, say?: string, focus?: 'panel' | 'thumb'}} Effects
 */

/** @type {Detail} */
const NOTHING = { reasons: [], comment: '' };

/** @type {State} */
export const BLANK = { ...NOTHING, value: null, id: '', open: false, told: NOTHING };

/**
 * The verdict that a text names; anything else is none.
 * @param {unknown} text
 * @returns {Verdict}
 */
export const verdict = (text) => (text === 'up' || text === 'down' ? text : null);

/**
 * A press on the thumb that is set takes it back, a press on the other one changes it.
 * Every transition says what it came from.
 * @param {Verdict} current
 * @param {'up' | 'down'} pressed
 * @returns {{value: Verdict, previous?: Verdict}}
 */
export function press(current, pressed) {
  const value = current === pressed ? null : pressed;
  return current ? { value, previous: current } : { value };
}

/**
 * Whether something was typed or chosen that was not sent.
 * @param {State} state
 */
export const isDraft = ({ reasons, comment, told }) =>
  comment !== told.comment || reasons.length !== told.reasons.length || reasons.some((one) => !told.reasons.includes(one));

/**
 * @param {State} state
 * @param {Action} action
 * @returns {{state: State, effects: Effects}}
 */
export function step(state, action) {
  const [change, effects] = STEPS[action.type](state, action);
  return { state: { ...state, ...change }, effects };
}

/** @type {{[type: string]: (state: State, action: any) => [Partial<State>, Effects]}} */
const STEPS = {
  /** The event of a press is made by the element, which comes back with `rated` unless the page prevents it. */
  press: ({ value }, { side, locked }) => [{}, value && locked ? {} : { rate: press(value, side) }],
  /** Words that were not sent outlive a change of mind, but not its end; the reasons belong to one thumb. */
  rated: ({ comment, told }, { value, id, asks }) => [
    { ...BLANK, value, id, open: asks, comment: value && comment !== told.comment ? comment : '' },
    { remember: true, say: value ? 'saved' : 'removed', focus: asks && 'panel' },
  ],
  open: ({ id }) => (id ? [{ open: true }, { focus: 'panel' }] : [{}, {}]),
  close: () => [{ open: false }, { focus: 'thumb' }],
  skip: ({ told }) => [{ ...told, open: false }, { focus: 'thumb' }],
  choose: ({ reasons }, { reason }) => [
    { reasons: reasons.includes(reason) ? reasons.filter((one) => one !== reason) : [...reasons, reason] },
    {},
  ],
  write: (_, { comment }) => [{ comment }, {}],
  /** As `press`: the element comes back with `told`. Where nothing is new, nothing is sent. */
  send: (state) => (isDraft(state) ? [{}, { detail: { about: state.id, reasons: state.reasons, comment: state.comment.trim() } }] : STEPS.skip(state, {})),
  told: ({ reasons, comment }) => [
    { told: { reasons, comment }, open: false },
    { remember: true, say: 'thanks', focus: 'thumb' },
  ],
};
