/**
 * The whole contract for an event: for tests, and for code that sends events of its own.
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
const isFlag = (value) => typeof value === 'boolean';
/** @type {Rule} */
const isCount = (value) => isNumber(value) && value >= 0;
/** @type {(...words: unknown[]) => Rule} */
const oneOf = (...words) => (value) => words.includes(value);
/** @type {Rule} */
const areTexts = (value) => Array.isArray(value) && value.every((one) => isText(one));

/** Kinds that only a secret key may send, so that a page has no business with them. */
const SECRET_KINDS = ['interaction', 'outcome', 'annotation', 'judgement'];

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

/** @type {(rules: Rules) => Rule} */
const has = (rules) => (value) => isObject(value) && !firstBad(value, rules);
/** @type {(rule: Rule) => Rule} */
const listOf = (rule) => (value) => Array.isArray(value) && value.every((one) => rule(one));
/** @type {(...fields: string[]) => Rules} */
const texts = (...fields) => Object.fromEntries(fields.map((field) => [field, optional(isText)]));
/** Whether at least one of some fields says something. @type {(...fields: string[]) => Rule} */
const someOf = (...fields) => (_, object) => fields.some((field) => object[field] != null);
/** @type {Rule} */
const isContent = (value) => isText(value) || Array.isArray(value);
/** @type {Rule} */
const isSaid = (value) => isText(value) || listOf(has({ role: isText, content: optional(isContent) }))(value);

/** @type {Rules} */
const SURVIVAL = { after_s: isCount, kept: (value) => isCount(value) && value <= 1 };

/** @type {Rules} */
const CANDIDATE = { id: isText, output: optional(isSaid), score: optional(isNumber), ...texts('model', 'critique') };

/** @type {Rules} */
const NAMED = { name: isName };

/** @type {{[kind: string]: Rules}} */
export const BODIES = {
  interaction: {
    input: optional(isSaid),
    output: optional(isSaid),
    variables: optional(isObject),
    prompt: optional(has({ dirty: optional(isFlag), ...texts('name', 'version', 'commit', 'path') })),
    params: optional(isObject),
    latency_ms: optional(isCount),
    usage: optional(isObject),
    cost: optional(isCount),
    contexts: optional(listOf(has(texts('id', 'text')))),
    tags: optional(areTexts),
    parent: optional(isName),
    variant: optional(has(texts('experiment', 'arm'))),
    candidates: optional(listOf(has(CANDIDATE))),
    chosen: optional(has({ id: isText, ...texts('by') })),
    trace: optional(has(texts('trace_id', 'span_id'))),
    ...texts('model', 'release'),
  },
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
    survival: optional(has(SURVIVAL)),
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
  signal: NAMED,
  outcome: NAMED,
  annotation: {
    label: (value, annotation) => optional(isText)(value) && someOf('label', 'score', 'note', 'expected')(value, annotation),
    score: optional(isNumber),
    rubric: optional(isName),
    name: optional(isName),
    ...texts('note', 'expected'),
  },
  judgement: {
    judge: isName,
    label: (value, judgement) => optional(isText)(value) && someOf('label', 'score')(value, judgement),
    score: optional(isNumber),
    rubric: optional(isName),
    name: optional(isName),
    ...texts('rationale'),
  },
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
 * Say what the collector would refuse about an event.
 * @param {any} event
 * @param {'pk' | 'sk'} [key] the sort of key that it is sent with
 * @returns {string | undefined} a field, or another word; undefined where the event would be taken
 */
export function firstBreach(event, key = 'sk') {
  if (!isObject(event)) return 'event';
  const { kind } = event;
  if (!isText(kind) || !Object.hasOwn(BODIES, kind)) return 'kind';
  if (key === 'pk' && SECRET_KINDS.includes(kind)) return 'kind';
  if (!isPlain(event)) return 'a text, a number or the depth';
  const bytes = new TextEncoder().encode(JSON.stringify(event)).length;
  if (bytes > (kind === 'suggestion' || kind === 'interaction' ? 512 : 64) * KB) return 'size';
  return firstBad(event, EVENT) ?? firstBad(event.body, BODIES[kind]);
}
