import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queue } from '../src/client/queue.js';
import { Store } from '../src/client/store.js';
import { storage } from './fake-window.js';

const event = (id, text = '') => ({ id, kind: 'thumb', body: { text } });
const queueIn = (area, most) => new Queue(new Store(() => area), 'sayso:pk_1', most);
const ids = (queue) => queue.all().map(({ id }) => id);

test('events come back in the order of their ids, also for another page of the origin', () => {
  const area = storage();
  queueIn(area).add(event('2'));
  const other = queueIn(area);
  other.add(event('1'));
  assert.deepEqual(ids(other), ['1', '2']);
});

test('an event is removed by its id, whatever came in between', () => {
  const queue = queueIn(storage());
  ['1', '2', '3'].forEach((id) => queue.add(event(id)));
  queue.remove('2');
  assert.deepEqual(ids(queue), ['1', '3']);
});

test('beyond the count the oldest are dropped, handed back and counted', () => {
  const queue = queueIn(storage(), { count: 2, characters: 1000 });
  queue.add(event('1'));
  queue.add(event('2'));
  assert.deepEqual(queue.add(event('3')), [event('1')]);
  assert.deepEqual(ids(queue), ['2', '3']);
  assert.deepEqual(queue.takeLosses(), { queue_full: 1 });
  assert.deepEqual(queue.takeLosses(), {});
});

test('beyond the size the oldest are dropped', () => {
  const queue = queueIn(storage(), { count: 10, characters: 200 });
  queue.add(event('1', 'x'.repeat(100)));
  queue.add(event('2', 'x'.repeat(100)));
  assert.deepEqual(ids(queue), ['2']);
});

test('losses whose report failed are counted again', () => {
  const queue = queueIn(storage());
  queue.count({ queue_full: 2 });
  queue.count(queue.takeLosses());
  queue.count({ queue_full: 1 });
  assert.deepEqual(queue.takeLosses(), { queue_full: 3 });
});

test('a full store is no loss while the page lives', () => {
  const queue = queueIn(storage({ full: true }));
  queue.add(event('1'));
  assert.deepEqual(ids(queue), ['1']);
  assert.equal(queue.lasts('1'), false);
});

test('a store that may not even be touched is no loss while the page lives', () => {
  const store = new Store(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  const queue = new Queue(store, 'sayso:pk_1');
  queue.add(event('1'));
  assert.deepEqual(ids(queue), ['1']);
});

test('a page that clears its storage loses nothing of its own', () => {
  const area = storage();
  const queue = queueIn(area);
  queue.add(event('1'));
  assert.equal(queue.lasts('1'), true);
  area.clear();
  assert.deepEqual(ids(queue), ['1']);
});

test('what another page has seen to is let go; a cleared store says nothing', () => {
  const area = storage();
  const queue = queueIn(area);
  queue.add(event('1'));
  area.clear();
  queue.forget(null);
  assert.deepEqual(ids(queue), ['1']);
  queue.forget('sayso:pk_1:event:1');
  assert.deepEqual(ids(queue), []);
});

test('an entry that another script damaged is passed over, and dropped and counted by a sweep alone', () => {
  const area = storage();
  area.setItem('sayso:pk_1:event:1', '{"id"');
  const queue = queueIn(area);
  queue.add(event('2'));
  assert.deepEqual(ids(queue), ['2']);
  assert.deepEqual(queue.takeLosses(), {});
  queue.sweep();
  assert.deepEqual(ids(queue), ['2']);
  assert.equal(area.getItem('sayso:pk_1:event:1'), null);
  assert.deepEqual(queue.takeLosses(), { damaged: 1 });
});

test('an event of this page survives that another script damages its entry', () => {
  const area = storage();
  const queue = queueIn(area);
  queue.add(event('1'));
  area.setItem('sayso:pk_1:event:1', 'null');
  queue.sweep();
  assert.deepEqual(queue.all(), [event('1')]);
  assert.deepEqual(queue.takeLosses(), {});
});

test('two keys on one origin do not see each other’s events', () => {
  const area = storage();
  queueIn(area).add(event('1'));
  assert.deepEqual(ids(new Queue(new Store(() => area), 'sayso:pk_2')), []);
});
