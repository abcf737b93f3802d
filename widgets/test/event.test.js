import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { badName } from '../src/client/check.js';
import { timeOf, tick, uuid7 } from '../src/client/event.js';
import { press, verdict } from '../src/elements/thumbs-state.js';

test('an id is a version 7 UUID that begins with its time', () => {
  const id = uuid7(0x0123456789ab, 'f'.repeat(20));
  assert.equal(id, '01234567-89ab-7fff-8fff-ffffffffffff');
});

test('later ids sort after earlier ones', () => {
  assert.ok(uuid7(1_800_000_000_000, 'f'.repeat(20)) < uuid7(1_800_000_000_001, '0'.repeat(20)));
});

test('every event has the next number', () => {
  const first = tick({}, 1000);
  assert.deepEqual([first.seq, tick(first, 1000).seq], [0, 1]);
});

test('time does not go back where the machine’s clock is set back, and goes on at its pace', () => {
  const before = tick({}, 10_000);
  const after = tick(before, 4000);
  assert.equal(after.last, 10_000);
  assert.equal(tick(after, 4500).last, 10_500);
});

test('time follows the machine again once that has caught up', () => {
  const after = tick(tick({}, 10_000), 4000);
  assert.deepEqual(tick(after, 20_000), { last: 20_000, ahead: 0, seq: 2 });
});

test('a press sets, a second takes back, one on the other thumb changes; each says what it came from', () => {
  assert.deepEqual(press(null, 'up'), { value: 'up' });
  assert.deepEqual(press('up', 'up'), { value: null, previous: 'up' });
  assert.deepEqual(press('up', 'down'), { value: 'down', previous: 'up' });
});

test('only up and down are verdicts', () => {
  assert.deepEqual(['up', 'down', 'UP', '', null, undefined, {}].map(verdict), ['up', 'down', null, null, null, null, null]);
});

test('names are whole texts of 1 to 512 characters, and only the target has to be there', () => {
  assert.equal(badName({ target: '😀'.repeat(512) }), undefined);
  assert.equal(badName({}), 'target');
  assert.equal(badName({ target: 'x'.repeat(513) }), 'target');
  assert.equal(badName({ target: 'm', actor: '\ud800' }), 'actor');
  assert.equal(badName({ target: 'm\n' }), undefined);
});

test('an id tells when it was made', () => {
  assert.equal(timeOf(uuid7(1_800_000_000_123, 'f'.repeat(20))), 1_800_000_000_123);
});

test('the lock file names no place to load from', () => {
  const lock = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
  assert.ok(!lock.includes('"resolved"'));
});

test('the element can be imported where there is no DOM', async () => {
  assert.equal((await import('../src/elements/thumbs.js')).SaysoThumbs.tag, 'sayso-thumbs');
});
