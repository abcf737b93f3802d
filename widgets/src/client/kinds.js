/**
 * The kinds of events that code can record by name.
 */
import { badName } from './check.js';

/** @typedef {import('./event.js').Fields} Fields */

/** Every kind, and what its body cannot do without. */
export const KINDS = {
  interaction: '',
  exposure: 'surface',
  thumb: 'value',
  detail: 'about',
  suggestion: '',
  comment: 'text',
  rating: 'value',
  preference: 'chosen',
  signal: 'name',
  outcome: 'name',
  annotation: '',
  judgement: 'judge',
  retraction: 'of',
};

/**
 * @typedef {object} About Whom and what an event is from, beside its target
 * @property {string} [part] of the target
 * @property {string} [actor] your pseudonymous id of the person
 * @property {string} [session] your id of the conversation or visit
 * @property {string} [token] signed by your back end
 * @property {string} [occurred_at] where it was not now
 * @property {number} [sample_rate]
 * @property {Fields} [meta] anything else
 *
 * @typedef {(target: string, body: Fields, about?: About) => string} Recorder returns the event's id
 * @typedef {{[Kind in keyof typeof KINDS]: Recorder}} Recorders
 */

/**
 * Say what is wrong with an event before it is made; the collector has the last word.
 * @param {Fields} fields
 * @returns {string | undefined} a sentence
 */
export function mistake(fields) {
  const { kind, body } = fields;
  if (!Object.hasOwn(KINDS, kind)) return `there is no kind ${kind}`;
  if (Object(body) !== body) return `a ${kind} needs a body`;
  const needed = KINDS[/** @type {keyof typeof KINDS} */ (kind)];
  if (needed && body[needed] === undefined) return `a ${kind} needs ${needed}`;
  const bad = badName({ ...fields, ...body });
  return bad && `${bad} must be a text of 1 to 512 characters, each of them whole`;
}
