/**
 * A client in a window that is not real, somebody who presses there, and what is left of it.
 */
import { createClient } from '../src/client/index.js';
import { settled } from './fake-window.js';

export const THUMB = { kind: 'thumb', target: 'msg_1', body: { value: 'up' } };

export function clientIn(window, options) {
  return createClient({ key: 'pk_1', url: 'https://collector.test/', ...options }, window);
}

/** Lets time go by, for the timers and the clock. */
export async function pass(t, window, ms) {
  window.time += ms;
  t.mock.timers.tick(ms);
  await settled();
}

/** Presses once, with the collector in a given mood, and waits for what comes of it. */
export async function press(window, { client = clientIn(window), fields = THUMB } = {}) {
  const { event } = client.make(fields);
  client.add(event);
  await settled();
  return { client, event };
}

/** What was told in the page, in a word each. */
export const outcomes = ({ told }) => told.map(({ outcome }) => outcome);
/** The names of what waits in storage. */
export const waiting = ({ localStorage }) => Object.keys(localStorage).filter((name) => name.includes(':event:'));
