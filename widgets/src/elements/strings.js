/**
 * What the widgets say: English here, other languages as packs that a page registers.
 */

/** @typedef {{[key: string]: string}} Strings */

const FAILED = 'Not saved.';
const LEFT = 'Characters left: {n}';
const SEND = 'Send';
const SKIP = 'Skip';
const THANKS = 'Thank you.';

/** @type {Strings} `<sayso-thumbs>`; the reasons by their ids */
export const THUMBS = {
  label: 'Rate this answer',
  up: 'Good answer',
  down: 'Bad answer',
  saved: 'Saved.',
  removed: 'Taken back.',
  failed: FAILED,
  more: 'Say more',
  askDown: 'What went wrong?',
  askUp: 'What was good?',
  incorrect: 'Not correct',
  unclear: 'Hard to understand',
  incomplete: 'Something is missing',
  off_topic: 'Not what I asked',
  correct: 'Correct',
  clear: 'Easy to understand',
  complete: 'Complete',
  useful: 'Saved me time',
  words: 'In your own words (optional)',
  left: LEFT,
  send: SEND,
  skip: SKIP,
  thanks: THANKS,
};

/** @type {Strings} `<sayso-comment>` */
export const COMMENT = {
  ask: 'Your comment',
  left: LEFT,
  send: SEND,
  thanks: THANKS,
  again: 'Write another',
  empty: 'Please write something first.',
  failed: FAILED,
};

/** @type {Strings} `<sayso-suggestion>` */
export const SUGGESTION = {
  suggestion: 'Suggested change',
  accept: 'Accept',
  edit: 'Edit',
  reject: 'Reject',
  undo: 'Undo',
  save: 'Save',
  cancel: 'Cancel',
  editor: 'Your version',
  accepted: 'Accepted.',
  edited: 'Accepted with your changes.',
  rejected: 'Rejected.',
  undone: 'Undone.',
  askReject: 'What was wrong with it?',
  thanks: THANKS,
  failed: FAILED,
};

/** @type {Map<string, Strings>} by language, in lower case */
const packs = new Map();

/** @type {Set<Element & {update(): void}>} every widget in the page, to be told of new words */
export const speakers = new Set();

/** @type {string | undefined} */
let only;

/** @param {string} [language] of all widgets, whatever stands around them */
export function speakOnly(language) {
  only = language;
}

/**
 * Teach the widgets a language. Those in the page speak it at once.
 * @param {string} language as in an attribute `lang`: `de`, `pt-BR`
 * @param {Strings} strings
 */
export function registerStrings(language, strings) {
  packs.set(language.toLowerCase(), strings);
  for (const speaker of speakers) speaker.update();
}

/**
 * The words of the language that an element stands in: those of `de-AT`, else of `de`, else none.
 * @param {Node} element
 */
export function wordsFor(element) {
  const language = (only ?? languageOf(element)).toLowerCase();
  return packs.get(language) ?? packs.get(language.split('-')[0]);
}

/**
 * The nearest `lang`, through the borders of shadow trees.
 * @param {any} node
 * @returns {string}
 */
function languageOf(node) {
  for (; node; node = node.parentNode ?? node.host) if (node.lang) return node.lang;
  return '';
}
