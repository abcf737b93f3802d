/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {unknown} detail
 * @returns {boolean} false where a listener prevented what comes next
 */
export const tell = (target, type, detail) =>
  target.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, cancelable: true, detail }));
