/**
 * What becomes of a comment. Pure.
 */

/**
 * @typedef {{text: string, sent: boolean}} State `sent`: thanked for, and nothing new begun
 * @typedef {{type: string, text?: string, max?: number}} Action
 * @typedef {{comment?: string, say?: string, focus?: boolean}} Effects `comment` is the text to send
 */

/** @type {State} */
export const BLANK = { text: '', sent: false };

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
  write: (_, { text }) => [{ text }, {}],
  /** The event is made by the element, which comes back with `sent` unless the page prevents it. */
  send({ text, sent }, { max }) {
    const comment = text.trim();
    if (sent) return [{}, {}];
    if (!comment) return [{}, { say: 'empty', focus: true }];
    return [{}, comment.length > max ? { focus: true } : { comment }];
  },
  sent: () => [{ text: '', sent: true }, { say: 'thanks', focus: true }],
  again: () => [{ sent: false }, { say: '', focus: true }],
};
