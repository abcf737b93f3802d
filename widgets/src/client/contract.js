/**
 * The whole contract for an event of a browser: for tests, and for pages that send events of their own.
 * The script does not carry it, since a widget makes all but the attributes itself.
 */
import { isName } from './check.js';

/**
 * @typedef {(value: any, object?: any) => boolean} Rule
 * @typedef {{[field: string]: Rule}} Rules of an object; a field without a rule may be anything
 */

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const TIME = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):\d\d)$/i;
const YEAR_2200 = Date.UTC(2200);
const DEEPEST = 64;
const KB = 1024;

/** @type {(rule: Rule) => Rule} */
const optional = (rule) => (value) => value == null || rule(value);
/** @type {Rule} */
const isText = (value) => typeof value === 'string' && !/\p{Surrogate}/u.test(value);
/** @type {Rule} */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/** @type {Rule} */
const isUuid = (value) => isText(value) && UUID.test(value);
/** @type {Rule} */
function isTime(value) {
  const [, day] = (isText(value) && TIME.exec(value)) || [];
  const time = Date.parse(day ? value : '');
  // A day past the end of its month would be read as one of the next.
  return time >= 0 && time < YEAR_2200 && new Date(`${day}T00:00:00Z`).toISOString().startsWith(`${day}`);
}
/** @type {Rule} */
const isNumber = (value) => typeof value === 'number';
/** @type {Rule} */
const isCount = (value) => isNumber(value) && value >= 0;
/** @type {(...words: unknown[]) => Rule} */
const oneOf = (...words) => (value) => words.includes(value);
/** @type {Rule} */
const areTexts = (value) => Array.isArray(value) && value.every((one) => isText(one));

/** @type {Rules} */
const EVENT = {
  target: (value, { kind }) => isName(value) || (value == null && kind === 'retraction'),
  id: isUuid,
  part: optional(isName),
  actor: optional(isName),
  anonymous: optional(isName),
  session: optional(isName),
  token: optional(isText),
  occurred_at: optional(isTime),
  seq: optional((value) => isCount(value) && Number.isInteger(value)),
  sample_rate: optional((value) => isCount(value) && value > 0 && value <= 1),
  source: optional((value) => isObject(value) && optional(isText)(value.sdk)),
  meta: optional(isObject),
  body: isObject,
};

/** @type {Rules} */
const SURVIVAL = { after_s: isCount, kept: (value) => isCount(value) && value <= 1 };

/** @type {{[kind: string]: Rules}} */
export const BODIES = {
  exposure: { surface: oneOf('thumbs', 'suggestion', 'comment'), visible_ms: optional(isCount) },
  thumb: { value: oneOf('up', 'down', null), previous: optional(oneOf('up', 'down')), name: optional(isName) },
  detail: {
    about: isUuid,
    reasons: optional(areTexts),
    comment: (value, { reasons }) => optional(isText)(value) && (value != null || reasons != null),
  },
  suggestion: {
    outcome: (value, { survival }) =>
      survival == null ? oneOf('accepted', 'edited', 'rejected', 'undone')(value) : value == null,
    survival: optional((value) => isObject(value) && !firstBad(value, SURVIVAL)),
    original: optional(isText),
    proposed: optional(isText),
    final: optional(isText),
    decided_in_ms: optional(isCount),
    name: optional(isName),
  },
  comment: {
    text: (value) => isText(value) && value !== '',
    category: optional(isText),
    expected: optional(isText),
    name: optional(isName),
  },
  rating: {
    value: (value, { min, max }) =>
      value === null || (isNumber(value) && value >= (min ?? value) && value <= (max ?? value)),
    min: optional(isNumber),
    max: (value, { min }) => optional(isNumber)(value) && (value ?? Infinity) >= (min ?? -Infinity),
    name: optional(isName),
  },
  preference: { chosen: isText, rejected: optional(areTexts), name: optional(isName) },
  signal: { name: isName },
  retraction: { of: isUuid },
};

/**
 * The first field that breaks its rule.
 * @param {{[field: string]: any}} object
 * @param {Rules} rules
 */
const firstBad = (object, rules) => Object.keys(rules).find((field) => !rules[field](object[field], object));

/**
 * Whether JSON can carry a value, wherever in it something stands.
 * @param {unknown} value
 * @param {number} deeper how many levels may follow
 * @returns {boolean}
 */
function isPlain(value, deeper = DEEPEST) {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return isText(value);
  if (typeof value !== 'object' || value === null) return true;
  return deeper > 0 && Object.entries(value).every(([field, inner]) => isText(field) && isPlain(inner, deeper - 1));
}

/**
 * Say what the collector would refuse about an event of a browser.
 * @param {any} event
 * @returns {string | undefined} a field, or another word; undefined where the event would be taken
 */
export function firstBreach(event) {
  if (!isObject(event)) return 'event';
  const { kind } = event;
  if (!isText(kind) || !Object.hasOwn(BODIES, kind)) return 'kind';
  if (!isPlain(event)) return 'a text, a number or the depth';
  const bytes = new TextEncoder().encode(JSON.stringify(event)).length;
  if (bytes > (kind === 'suggestion' ? 512 : 64) * KB) return 'size';
  return firstBad(event, EVENT) ?? firstBad(event.body, BODIES[kind]);
}
