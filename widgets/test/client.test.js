import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstBreach } from '../src/client/contract.js';
import { answers, fakeWindow, isDown, refuses, settled, storage } from './fake-window.js';
import { clientIn, outcomes, pass, press, THUMB, waiting } from './pressing.js';

test('an event is stamped, sent at once with the key inside, and let go when it is accepted', async () => {
  const window = fakeWindow();
  const { event } = await press(window);
  const [{ url, key, sent_at, events, options }] = window.requests;
  assert.equal(url, 'https://collector.test/v1/events');
  assert.deepEqual([key, sent_at, events], ['pk_1', new Date(window.time).toISOString(), [event]]);
  assert.deepEqual([options.credentials, options.keepalive, options.headers], ['omit', true, undefined]);
  assert.equal(firstBreach(event), undefined);
  assert.deepEqual([outcomes(window), waiting(window)], [['sent'], []]);
});

test('a browser keeps one random name, one clock and one row of numbers across pages', () => {
  const localStorage = storage();
  const first = clientIn(fakeWindow({ localStorage })).make(THUMB).event;
  const second = clientIn(fakeWindow({ localStorage, now: 1_700_000_000_000 })).make(THUMB).event;
  assert.equal(second.anonymous, first.anonymous);
  assert.deepEqual([first.seq, second.seq], [0, 1]);
  assert.ok(second.occurred_at >= first.occurred_at);
});

test('what a page names badly is not made, and uses up no number', () => {
  const client = clientIn(fakeWindow());
  assert.match(`${client.make({ ...THUMB, target: '' }).bad}`, /target/);
  assert.match(`${client.make({ ...THUMB, body: { value: 'up', name: 'x'.repeat(513) } }).bad}`, /name/);
  assert.equal(client.make(THUMB).event.seq, 0);
});

for (const [mood, answer] of Object.entries({
  'there is no way to the collector': isDown,
  'the collector answers 503': refuses(503),
  'the collector answers 429': refuses(429),
  'the collector wants an event again': answers('retry'),
  'something else answers 200': () => new Response('<p>Please log in to the network</p>'),
  'something else answers JSON': () => Response.json({ results: [null, 7] }),
})) {
  test(`an event stays and is sent again with its id where ${mood}`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const window = fakeWindow();
    window.answer = answer;
    const { event } = await press(window);
    assert.deepEqual([outcomes(window), waiting(window).length], [['queued'], 1]);
    window.answer = answers('accepted');
    await pass(t, window, 1000);
    assert.deepEqual([outcomes(window), waiting(window)], [['queued', 'sent'], []]);
    assert.deepEqual(new Set(window.requests.map(({ events }) => events[0].id)), new Set([event.id]));
  });
}

test('a rejected event is let go and the reason is told', async () => {
  const window = fakeWindow();
  window.answer = answers('rejected', { reason: 'invalid_value', detail: { target: 'why' } });
  await press(window);
  const [{ outcome, reason, detail }] = window.told;
  assert.deepEqual([outcome, reason, detail], ['error', 'invalid_value', { target: 'why' }]);
  assert.deepEqual(waiting(window), []);
});

for (const status of [400, 401, 403, 404, 415]) {
  test(`${status} is told, and the event is kept for a page that does better`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const window = fakeWindow();
    window.answer = refuses(status);
    await press(window);
    t.mock.timers.tick(600_000);
    await settled();
    assert.equal(window.requests.length, 1);
    assert.deepEqual([outcomes(window), waiting(window).length], [['error'], 1]);
    assert.deepEqual([window.told[0].reason, window.told[0].kept], ['busy', true]);
  });
}

test('it waits as long as Retry-After says, also when there is something new', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const window = fakeWindow();
  window.answer = refuses(429, { 'Retry-After': '30' });
  const { client } = await press(window);
  window.answer = answers('accepted');
  await press(window, { client });
  window.time += 29_000;
  t.mock.timers.tick(29_000);
  await settled();
  assert.equal(window.requests.length, 1);
  window.time += 1000;
  t.mock.timers.tick(1000);
  await settled();
  assert.deepEqual(window.requests.map(({ events }) => events.length), [1, 2]);
});

test('pauses double up to an hour, so that a page left open does no harm, and it tries afresh when it is woken', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const window = fakeWindow();
  window.Math = Object.create(Math, { random: { value: () => 0.999 } });
  window.answer = refuses(503);
  const { client } = await press(window);
  const before = window.requests.length;
  for (let minute = 0; minute < 60; minute += 1) for (let half = 0; half < 60; half += 1) await pass(t, window, 1000);
  const tries = window.requests.length - before;
  assert.ok(tries > 5 && tries < 15, `${tries} tries in an hour`);
  window.answer = answers('accepted');
  client.wake();
  await pass(t, window, 1000);
  assert.deepEqual(waiting(window), []);
});

test('a new page sends what an earlier one left, and tells the document', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const before = fakeWindow();
  before.answer = isDown;
  const { event } = await press(before);
  const after = fakeWindow({ localStorage: before.localStorage });
  clientIn(after).wake();
  t.mock.timers.tick(0);
  await settled();
  assert.deepEqual(after.requests[0].events, [event]);
  assert.deepEqual(outcomes(after), ['sent']);
});

test('what can wait goes out together a second later', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const window = fakeWindow();
  const client = clientIn(window);
  for (let count = 0; count < 3; count += 1) client.add(client.make(THUMB).event, { soon: true });
  assert.equal(window.requests.length, 0);
  t.mock.timers.tick(1000);
  await settled();
  assert.deepEqual(window.requests.map(({ events }) => events.length), [3]);
});

test('a page that goes hands over what was never sent, once, and keeps it until it is confirmed', async () => {
  const window = fakeWindow();
  const client = clientIn(window);
  client.add(client.make(THUMB).event, { soon: true });
  client.leave();
  client.leave();
  assert.deepEqual(window.beacons.map(({ key, events }) => [key, events.length]), [['pk_1', 1]]);
  assert.equal(waiting(window).length, 1);
});

test('a page that goes leaves what it tried before in storage', async () => {
  const window = fakeWindow();
  window.answer = isDown;
  const { client } = await press(window);
  client.leave();
  assert.deepEqual(window.beacons, []);
});

test('a page that goes hands over what no storage keeps', async () => {
  const window = fakeWindow({ localStorage: storage({ full: true }) });
  window.answer = isDown;
  const { client } = await press(window);
  client.leave();
  assert.equal(window.beacons.length, 1);
});

test('requests hold at most 50 events, the oldest first', async () => {
  const window = fakeWindow();
  const client = clientIn(window);
  for (let count = 0; count < 60; count += 1, window.time += 1) client.add(client.make(THUMB).event, { soon: true });
  await press(window, { client });
  assert.deepEqual(window.requests.map(({ events }) => events.length), [50, 11]);
  assert.equal(window.requests[0].events[0].seq, 0);
});

test('losses are reported, and reported again until the report arrived', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const window = fakeWindow();
  window.localStorage['sayso:pk_1:dropped'] = '{"queue_full":3}';
  window.answer = isDown;
  await press(window);
  window.answer = answers('accepted');
  await pass(t, window, 1000);
  assert.deepEqual(window.requests.at(-1).report, { dropped: { queue_full: 3 } });
  assert.equal(window.localStorage['sayso:pk_1:dropped'], undefined);
});

test('an entry that another script damaged is swept away and reported with the next request', async () => {
  const window = fakeWindow();
  window.localStorage['sayso:pk_1:event:1'] = '{"id"';
  const { event } = await press(window);
  assert.deepEqual(window.requests.map(({ events, report }) => [events, report.dropped]), [[[event], { damaged: 1 }]]);
  assert.deepEqual(waiting(window), []);
});

test('a fetch that throws at once, as some pages’ own does, changes nothing', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const window = fakeWindow();
  window.fetch = () => {
    throw new Error('replaced');
  };
  await press(window);
  assert.deepEqual([outcomes(window), waiting(window).length], [['queued'], 1]);
});

test('verdicts are remembered, the youngest 500', () => {
  const client = clientIn(fakeWindow());
  for (let count = 0; count < 501; count += 1) client.remember(`["m${count}"]`, 'up');
  client.remember('["m7"]', null);
  assert.deepEqual(['["m0"]', '["m7"]', '["m500"]'].map((what) => client.recall(what)), [undefined, undefined, 'up']);
});

test('a request that is too large is sent again in halves; one event that is too large is dropped, counted and told', async () => {
  const window = fakeWindow();
  window.answer = (events) => (events.some(({ target }) => target === 'huge') ? refuses(413)() : answers('accepted')(events));
  const client = clientIn(window);
  for (let count = 0; count < 9; count += 1, window.time += 1)
    client.add(client.make({ ...THUMB, target: count === 5 ? 'huge' : `m${count}` }).event, { soon: true });
  await press(window, { client });
  assert.deepEqual(waiting(window), []);
  assert.deepEqual([client.counts.sent, client.counts.dropped, client.counts.too_large], [9, 1, 1]);
  const [{ event, reason }] = window.told.filter(({ outcome }) => outcome === 'error');
  assert.deepEqual([event.target, reason], ['huge', 'too_large']);
  await press(window, { client });
  assert.deepEqual(window.requests.at(-1).report.dropped, {});
  assert.ok(window.requests.some(({ report }) => report.dropped.too_large === 1));
});

test('events that waited for a week are dropped and counted', async () => {
  const before = fakeWindow();
  before.answer = isDown;
  await press(before);
  const after = fakeWindow({ localStorage: before.localStorage, now: before.time + 7 * 24 * 3600 * 1000 + 1 });
  const { client, event } = await press(after);
  assert.deepEqual(after.requests.map(({ events }) => events), [[event]]);
  assert.equal(client.counts.too_old, 1);
  assert.deepEqual(after.requests[0].report.dropped, { too_old: 1 });
});

test('what has no room is dropped, the oldest first, counted and told', async () => {
  const window = fakeWindow();
  window.answer = isDown;
  const client = clientIn(window);
  const dropped = [];
  client.on('dropped', ({ event, reason }) => dropped.push([event.seq, reason]));
  for (let count = 0; count < 202; count += 1, window.time += 1) client.add(client.make(THUMB).event, { soon: true });
  assert.deepEqual(dropped, [[0, 'queue_full'], [1, 'queue_full']]);
  assert.equal(waiting(window).length, 200);
});

test('an event that is too large for the queue takes no other with it', () => {
  const window = fakeWindow();
  window.answer = isDown;
  const client = clientIn(window);
  client.add(client.make(THUMB).event, { soon: true });
  window.time += 1;
  client.comment('m', { text: 'x'.repeat(700_000) });
  assert.deepEqual([waiting(window).length, client.counts.queue_full], [1, 1]);
});

test('a text that was cut in the middle of a character arrives', async () => {
  const window = fakeWindow();
  clientIn(window).comment('m', { text: 'good \ud83d' });
  await settled();
  assert.equal(window.requests[0].events[0].body.text, 'good \ufffd');
});

test('what is changed after the call is sent as it was', async () => {
  const window = fakeWindow();
  const body = { text: 'before' };
  clientIn(window).comment('m', body);
  body.text = 'after';
  await settled();
  assert.equal(window.requests[0].events[0].body.text, 'before');
});
