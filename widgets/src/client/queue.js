/**
 * What to do with events that no collector has confirmed yet. Pure.
 */
import { size, timeOf } from './event.js';

/** @typedef {import('./event.js').WireEvent} WireEvent */

/** @typedef {{count: number, characters: number, ms: number}} Most may wait: beyond it the oldest are dropped */

/**
 * Sort out what will be sent: not what another script damaged, not what waited for too long, and not what younger
 * events leave no room for.
 * @param {[id: string, event: any][]} entries the youngest first
 * @param {number} now ms since 1970
 * @param {Most} most
 * @param {(event: any, reason: string) => void} drop is called for all the rest
 * @returns {WireEvent[]} the oldest first
 */
export function sift(entries, now, { count, characters, ms }, drop) {
  const kept = entries.filter(([id, event]) => {
    const length = size(event);
    const reason =
      event.id !== id ? 'damaged'
      : timeOf(id) < now - ms ? 'too_old'
      : length > characters || !count ? 'queue_full'
      : '';
    if (reason) return drop({ ...event, id }, reason);
    characters -= length;
    count -= 1;
    return true;
  });
  return kept.map(([, event]) => event).reverse();
}

/**
 * Add to counts by reason.
 * @param {{[reason: string]: number}} counts
 * @param {{[reason: string]: number}} more
 */
export function count(counts, more) {
  for (const reason in more) counts[reason] = (counts[reason] ?? 0) + more[reason];
  return counts;
}
