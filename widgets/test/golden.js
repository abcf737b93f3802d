/**
 * The golden files that every language's sender and the collector are tested against.
 */
import { readFileSync, readdirSync } from 'node:fs';

const FOLDER = new URL('../../tests/contract/events/', import.meta.url);

/**
 * @param {'accept' | 'reject'} verdict
 * @returns {{name: string, why: string, event?: any, raw?: string, reason?: string, key?: 'pk' | 'sk'}[]}
 */
export function golden(verdict) {
  const folder = new URL(`${verdict}/`, FOLDER);
  return readdirSync(folder).map((file) => {
    const { event, ...about } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    return { name: file.replace('.json', ''), ...about, event: fill(expand(event)) };
  });
}

/** Writes out the short forms $repeat and $nest. */
function expand(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(expand);
  if ('$repeat' in value) return value.$repeat.repeat(value.times);
  if ('$nest' in value) return nest(value.$nest);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, expand(inner)]));
}

const nest = (levels) => (levels === 1 ? {} : { n: nest(levels - 1) });

/** Writes out $fill: as many x as make the whole event so many bytes. */
function fill(event) {
  const text = JSON.stringify(event);
  const [mark, bytes] = /\{"\$fill":(\d+)\}/.exec(text ?? '') ?? [];
  if (!mark) return event;
  const rest = Buffer.byteLength(text.replace(mark, '""'));
  return JSON.parse(text.replace(mark, `"${'x'.repeat(bytes - rest)}"`));
}
