import assert from 'node:assert/strict';
import { test } from 'node:test';
import { size, uuid7 } from '../src/client/event.js';
import { count, sift } from '../src/client/queue.js';
import { Store } from '../src/client/store.js';
import { storage } from './fake-window.js';

const NOW = 1_800_000_000_000;
const WEEK = 7 * 24 * 3600 * 1000;
const ROOMY = { count: 100, characters: 100_000, ms: WEEK };

const idAt = (time, number = 0) => uuid7(time, String(number).padStart(20, '0'));
const event = (id, text = '') => ({ id, kind: 'comment', body: { text } });

function sifted(events, most = ROOMY, now = NOW) {
  const dropped = [];
  const kept = sift(events.map((one) => [one.id, one]).reverse(), now, most, ({ id }, reason) => void dropped.push([id, reason]));
  return { kept: kept.map(({ id }) => id), dropped };
}

test('what waits comes back with the oldest first', () => {
  const ids = [1, 2, 3].map((number) => idAt(NOW, number));
  assert.deepEqual(sifted(ids.map((id) => event(id))), { kept: ids, dropped: [] });
});

test('beyond the count the oldest are dropped', () => {
  const [a, b, c] = [1, 2, 3].map((number) => idAt(NOW, number));
  assert.deepEqual(sifted([a, b, c].map((id) => event(id)), { ...ROOMY, count: 2 }), { kept: [b, c], dropped: [[a, 'queue_full']] });
});

test('beyond the size the oldest are dropped, and an event that has no room by itself takes no other with it', () => {
  const [a, b, c] = [1, 2, 3].map((number) => idAt(NOW, number));
  const events = [event(a), event(b, 'x'.repeat(1000)), event(c)];
  assert.deepEqual(sifted(events, { ...ROOMY, characters: 300 }), { kept: [a, c], dropped: [[b, 'queue_full']] });
});

test('an event waits for a week and no longer', () => {
  const [old, young] = [idAt(NOW - WEEK - 1), idAt(NOW - WEEK)];
  assert.deepEqual(sifted([event(old), event(young)]), { kept: [young], dropped: [[old, 'too_old']] });
});

test('an entry that another script damaged is dropped under the name that it has', () => {
  const dropped = [];
  sift([['a', {}], ['b', event('c')]], NOW, ROOMY, ({ id }, reason) => void dropped.push([id, reason]));
  assert.deepEqual(dropped, [['a', 'damaged'], ['b', 'damaged']]);
});

/** Numbers that look random and are the same again for the same seed. */
function* chance(seed) {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

test('whatever waits, each event is either kept within the bounds or dropped for a reason, and younger ones stay', () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const numbers = chance(seed);
    const below = (limit) => Math.floor(numbers.next().value * limit);
    const most = { count: 1 + below(20), characters: 100 + below(4000), ms: WEEK };
    const events = Array.from({ length: below(40) }, (_, number) => event(idAt(NOW - below(WEEK * 1.2), number), 'x'.repeat(below(300))));
    events.sort((one, other) => (one.id < other.id ? -1 : 1));
    const { kept, dropped } = sifted(events, most);
    assert.deepEqual([...kept, ...dropped.map(([id]) => id)].sort(), events.map(({ id }) => id), `seed ${seed}`);
    assert.deepEqual(kept, [...kept].sort(), `seed ${seed}`);
    assert.ok(kept.length <= most.count, `seed ${seed}`);
    const held = events.filter(({ id }) => kept.includes(id)).reduce((sum, one) => sum + size(one), 0);
    assert.ok(held <= most.characters, `seed ${seed}`);
    // Nothing is dropped for want of room that would have had it beside all that is younger.
    for (const [id, reason] of dropped) {
      if (reason !== 'queue_full') continue;
      const younger = events.filter((one) => kept.includes(one.id) && one.id > id);
      const needed = younger.reduce((sum, one) => sum + size(one), size(events.find((one) => one.id === id)));
      assert.ok(younger.length === most.count || needed > most.characters, `seed ${seed}`);
    }
  }
});

test('counts add up by reason', () => {
  assert.deepEqual(count(count({}, { a: 1 }), { a: 2, b: 1 }), { a: 3, b: 1 });
});

test('a full store is no loss while the page lives, and what was there before is not taken for true', () => {
  const area = storage();
  const store = new Store(() => area);
  store.set('sayso:a', { n: 1 });
  const full = new Store(() => new Proxy(area, { set: () => { throw new DOMException('full', 'QuotaExceededError'); } }));
  full.set('sayso:a', { n: 2 });
  assert.deepEqual([full.get('sayso:a'), full.lasts('sayso:a'), area['sayso:a']], [{ n: 2 }, undefined, undefined]);
});

test('a store that may not even be touched keeps in memory', () => {
  const store = new Store(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  store.set('sayso:a', { n: 1 });
  assert.deepEqual([store.get('sayso:a'), store.names('sayso:'), store.lasts('sayso:a')], [{ n: 1 }, ['sayso:a'], undefined]);
  store.remove('sayso:a');
  assert.deepEqual([store.get('sayso:a'), store.names('sayso:')], [{}, []]);
});

test('a page that clears its storage loses nothing of its own; what another page took away is let go', () => {
  const area = storage();
  const store = new Store(() => area);
  store.set('sayso:a', { n: 1 });
  delete area['sayso:a'];
  assert.deepEqual([store.get('sayso:a'), store.names('sayso:')], [{ n: 1 }, ['sayso:a']]);
  store.forget('sayso:a');
  assert.deepEqual([store.get('sayso:a'), store.names('sayso:')], [{}, []]);
});

test('text that another script damaged is passed over for what this page knows', () => {
  const area = storage();
  const store = new Store(() => area);
  store.set('sayso:a', { n: 1 });
  area['sayso:a'] = '{"n"';
  assert.deepEqual(store.get('sayso:a'), { n: 1 });
});
