/**
 * The reasons that a panel offers, from whatever a page hands in. Pure.
 */

/** @typedef {{id: string, label: string}} Reason */

const MOST = 12;
const LONGEST = 200;

/**
 * @param {unknown} given a list of texts or of `{id, label}`, the same as JSON, or texts with commas between them
 * @returns {Reason[] | undefined} none where it cannot be read
 */
export function readReasons(given) {
  const list = typeof given === 'string' ? parse(given) : given;
  if (!Array.isArray(list)) return;
  return list.slice(0, MOST).map((one) => {
    const { id = one, label = id } = one?.id ? one : {};
    return { id: short(id), label: short(label) };
  });
}

/** @param {unknown} text */
const short = (text) => `${text}`.trim().slice(0, LONGEST);

/** @param {string} text */
function parse(text) {
  if (text[0] !== '[') return text.split(',').filter((one) => one.trim());
  try {
    return JSON.parse(text);
  } catch {
    // As where a framework writes a list of objects into an attribute.
  }
}
