/**
 * What a press on a thumb does. Pure.
 */

/** @typedef {'up' | 'down' | null} Verdict */

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
