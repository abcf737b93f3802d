import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../src/client/index.js';
import { firstBreach } from '../src/client/contract.js';
import { fakeWindow, isDown, refuses, settled } from './fake-window.js';
import { clientIn, outcomes, press, THUMB, waiting } from './pressing.js';

test('beforeSend sees an event before it is kept, may change it, and may drop it', async () => {
  const window = fakeWindow();
  const beforeSend = (event) => (event.kind === 'comment' ? { ...event, body: { text: '(removed)' } } : null);
  const client = clientIn(window, { beforeSend });
  client.comment('m', { text: 'my name is' });
  assert.ok(!JSON.stringify(window.localStorage).includes('my name'));
  client.thumb('m', { value: 'up' });
  await settled();
  assert.deepEqual(window.requests.flatMap(({ events }) => events.map(({ body }) => body)), [{ text: '(removed)' }]);
  assert.deepEqual([client.counts.before_send, client.counts.dropped, client.counts.sent], [1, 1, 1]);
});

test('a beforeSend that throws drops the event and not the page', () => {
  const window = fakeWindow();
  const client = clientIn(window, { beforeSend: () => JSON.parse('{') });
  assert.equal(typeof client.thumb('m', { value: 'up' }), 'string');
  assert.equal(client.counts.before_send, 1);
});

test('a transport of the page’s own carries everything, also when the page goes', async () => {
  const window = fakeWindow();
  const bodies = [];
  const transport = async (body) => {
    const { events } = JSON.parse(body);
    bodies.push(...events);
    return { status: 200, results: events.map(({ id }) => ({ id, status: 'accepted' })) };
  };
  const client = clientIn(window, { transport });
  client.add(client.make(THUMB).event, { soon: true });
  client.leave();
  await settled();
  assert.deepEqual([bodies.length, window.requests.length, window.beacons.length, waiting(window)], [1, 0, 0, []]);
});

test('a transport that throws or answers nonsense loses nothing', async () => {
  for (const transport of [() => JSON.parse('{'), async () => null, async () => 'no', async () => ({ results: 7 })]) {
    const window = fakeWindow();
    await press(window, { client: clientIn(window, { transport }) });
    assert.deepEqual([outcomes(window), waiting(window).length], [['queued'], 1]);
  }
});

test('a fetch of the page’s own is used', async () => {
  const window = fakeWindow();
  const urls = [];
  const fetch = (url, options) => (urls.push(url), window.fetch(url, options));
  await press(window, { client: clientIn(window, { fetch }) });
  assert.deepEqual([urls, outcomes(window)], [['https://collector.test/v1/events'], ['sent']]);
});

test('a person who is identified is on every later event, beside the name of the browser', () => {
  const client = clientIn(fakeWindow());
  const before = client.make(THUMB).event;
  client.identify('u_1');
  const after = client.make(THUMB).event;
  assert.deepEqual([before.actor, after.actor, after.anonymous], [undefined, 'u_1', before.anonymous]);
  assert.equal(client.make({ ...THUMB, actor: 'u_2' }).event.actor, 'u_2');
});

test('after a reset nobody is known and nothing remembered, what waits is still sent, and time does not go back', async () => {
  const window = fakeWindow();
  window.answer = isDown;
  const client = clientIn(window);
  client.identify('u_1');
  client.remember('["m"]', 'up');
  const { event } = await press(window, { client });
  client.reset();
  const after = client.make(THUMB).event;
  assert.equal(after.actor, undefined);
  assert.notEqual(after.anonymous, event.anonymous);
  assert.equal(after.seq, event.seq + 1);
  assert.equal(client.recall('["m"]'), undefined);
  assert.equal(waiting(window).length, 1);
  client.clear();
  assert.deepEqual([waiting(window).length, client.counts.cleared], [0, 1]);
});

test('nothing of a confirmed event stays in the browser', async () => {
  const window = fakeWindow();
  const client = clientIn(window);
  client.comment('msg_secret', { text: 'a secret text' });
  await settled();
  assert.ok(!/secret/.test(JSON.stringify(window.localStorage)));
});

test('a mistake is told in words, counted, and never thrown', () => {
  const window = fakeWindow();
  const client = clientIn(window);
  const said = [];
  client.on('error', ({ reason, message }) => said.push([reason, message]));
  client.thumb('', { value: 'up' });
  client.thumb('m', {});
  client.record('thumbs', 'm', {});
  client.comment('m');
  client.rating('m', { value: 1, name: 7 });
  client.retraction(undefined, { of: 'x' });
  assert.deepEqual(said, [
    ['invalid', 'unusable: target must be a text of 1 to 512 characters, each of them whole'],
    ['invalid', 'unusable: a thumb needs value'],
    ['invalid', 'unusable: there is no kind thumbs'],
    ['invalid', 'unusable: a comment needs a body'],
    ['invalid', 'unusable: name must be a text of 1 to 512 characters, each of them whole'],
  ]);
  assert.equal(client.counts.error, 5);
});

test('every kind has a method, and what it records keeps the contract', async () => {
  const window = fakeWindow();
  const client = clientIn(window);
  const about = { part: 'p', actor: 'u', session: 's', meta: { page: '/' } };
  const ids = [
    client.exposure('m', { surface: 'thumbs' }, about),
    client.thumb('m', { value: null }, about),
    client.detail('m', { about: client.thumb('m', { value: 'down' }), reasons: ['wrong'] }, about),
    client.suggestion('m', { outcome: 'accepted' }, about),
    client.comment('m', { text: 't' }, about),
    client.rating('m', { value: 3, min: 1, max: 5 }, about),
    client.preference('m', { chosen: 'a', rejected: ['b'] }, about),
    client.signal('m', { name: 'copied' }, about),
    client.retraction('m', { of: client.thumb('m', { value: 'up' }) }, about),
  ];
  await settled();
  const events = window.requests.flatMap(({ events }) => events);
  assert.deepEqual(events.map(firstBreach), events.map(() => undefined));
  for (const id of ids) assert.equal(events.find((event) => event.id === id).session, 's');
});

test('a flush says whether everything has arrived', async () => {
  const window = fakeWindow();
  const client = clientIn(window);
  client.thumb('m', { value: 'up' });
  assert.equal(await client.flush(5000), true);
  window.answer = refuses(503);
  client.thumb('m', { value: 'down' });
  assert.equal(await client.flush(20), false);
});

test('a listener that throws disturbs nobody', async () => {
  const window = fakeWindow();
  const client = clientIn(window);
  client.on('sent', () => JSON.parse('{'));
  await press(window, { client });
  assert.deepEqual(waiting(window), []);
});

test('a secret key in a page is refused aloud', () => {
  assert.throws(() => createClient({ key: 'sk_1', url: 'https://collector.test' }, fakeWindow()), /never be in a page/);
});

test('a beacon that the browser refuses is tried in halves, the youngest first', () => {
  const window = fakeWindow();
  const client = clientIn(window);
  for (let count = 0; count < 4; count += 1, window.time += 1) client.add(client.make(THUMB).event, { soon: true });
  const taken = [];
  window.navigator.sendBeacon = (_, body) => {
    const seqs = JSON.parse(body).events.map(({ seq }) => seq);
    return seqs.length < 2 && Boolean(taken.push(...seqs));
  };
  client.leave();
  assert.deepEqual(taken, [3, 2, 1, 0]);
});

test('mode 34: where keepalive fails it is tried once without, and never beyond the share of one page', async () => {
  const window = fakeWindow();
  const tried = [];
  const { fetch } = window;
  window.fetch = (url, options) => {
    tried.push(options.keepalive);
    if (options.keepalive) return Promise.reject(new TypeError('Failed to fetch'));
    return fetch(url, options);
  };
  const client = clientIn(window);
  await press(window, { client });
  client.comment('m', { text: 'x'.repeat(60_000) });
  await settled();
  assert.deepEqual(tried, [true, false, false]);
  assert.deepEqual(waiting(window), []);
});

test('an event that another tab has seen to is not sent again; a cleared storage says nothing of any', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const window = fakeWindow();
  window.answer = isDown;
  const client = clientIn(window);
  const { event } = await press(window, { client });
  const name = `sayso:pk_1:event:${event.id}`;
  delete window.localStorage[name];
  window.dispatchEvent(Object.assign(new Event('storage'), { key: null, newValue: null }));
  assert.equal(client.waiting().length, 1);
  window.dispatchEvent(Object.assign(new Event('storage'), { key: name, newValue: null }));
  assert.equal(client.waiting().length, 0);
});

test('whatever another script left of the browser, an event of it is made that the collector takes', async () => {
  for (const left of [{ last: 1e20, anonymous: 5 }, { last: 'x', ahead: null, seq: {} }, { anonymous: 'x'.repeat(600) }, 7]) {
    const window = fakeWindow();
    window.localStorage['sayso:browser'] = JSON.stringify(left);
    const { event } = await press(window);
    assert.equal(firstBreach(event), undefined, JSON.stringify(left));
    assert.deepEqual(outcomes(window), ['sent']);
  }
});

test('what JSON cannot say is unusable, and nothing is thrown', () => {
  const client = clientIn(fakeWindow());
  const circle = {};
  circle.again = circle;
  for (const meta of [circle, { amount: 1n }]) assert.match(client.make({ ...THUMB, meta }).bad, /JSON/);
});

test('an event that beforeSend spoils is dropped, and the next one is sent', async () => {
  const window = fakeWindow();
  let first = true;
  const beforeSend = (event) => (first ? ((first = false), { ...event, meta: { amount: 1n } }) : event);
  const client = clientIn(window, { beforeSend });
  await press(window, { client });
  await press(window, { client });
  assert.equal(client.counts.before_send, 1);
  assert.equal(client.counts.sent, 1);
});
