/**
 * The reasons that a panel offers, from whatever a page hands in. Pure.
 */

/** @typedef {{id: string, label: string}} Reason */

const MOST = 12;
const LONGEST = 200;

/**
 * @param {any} given a list of texts or of `{id, label}`, the same as JSON, or texts with commas between them
 * @returns {Reason[] | undefined} none where it cannot be read
 */
export function readReasons(given) {
  try {
    if (given?.at) return listOf(given).slice(0, MOST).map(reason);
  } catch {
    // As where a framework writes a list of objects into an attribute.
  }
}

/** @param {string | any[]} given @returns {any[]} */
function listOf(given) {
  if (typeof given !== 'string') return given;
  return given[0] === '[' ? JSON.parse(given) : given.split(',').filter((one) => one.trim());
}

/** @param {any} one */
function reason(one) {
  const { id = one, label = id } = one?.id ? one : {};
  return { id: short(id), label: short(label) };
}

/** @param {unknown} text */
const short = (text) => `${text}`.trim().slice(0, LONGEST);
