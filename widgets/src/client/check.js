/**
 * The collector's rule for what a page hands in, so that a mistake shows in the page where it is made. Pure.
 * The collector has the last word. The rules for whole events are in contract.js.
 */

const NAMES = ['target', 'part', 'name', 'actor', 'session'];

/**
 * Whether a value is a text of 1 to 512 characters, each of them whole.
 * @param {unknown} value
 */
export const isName = (value) => typeof value === 'string' && /^\P{Surrogate}{1,512}$/u.test(value);

/**
 * The first of a page's names that cannot be used. Only the target must be there, and not for a retraction.
 * @param {{[field: string]: any}} given
 */
export const badName = (given) =>
  NAMES.find((field) => !isName(given[field]) && ((given[field] ?? '') !== '' || (field === 'target' && !given.of)));
