import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createClient } from '../src/client/index.js';

const CLIENT = new URL('../src/client/index.js', import.meta.url).href;

/** A client with a secret key, and the requests that it makes. */
function backEnd(answer = (events) => Response.json({ results: events.map(({ id }) => ({ id, status: 'accepted' })) })) {
  const requests = [];
  const fetch = async (url, options) => {
    const { events, ...envelope } = JSON.parse(options.body);
    requests.push({ url, options, events, envelope });
    return answer(events);
  };
  return { requests, client: createClient({ key: 'sk_secret', url: 'https://collector.test/', fetch }) };
}

test('a secret key goes in a header and nowhere else, and nothing is said that only browsers know', async () => {
  const { client, requests } = backEnd();
  client.interaction('m', { input: 'Hello?', output: 'Hello.', prompt: { name: 'chat', version: '7' } });
  assert.equal(await client.flush(), true);
  const [{ url, options, envelope, events }] = requests;
  assert.equal(url, 'https://collector.test/v1/events');
  assert.equal(options.headers.Authorization, 'Bearer sk_secret');
  assert.deepEqual([options.keepalive, options.credentials, envelope.key], [undefined, undefined, undefined]);
  assert.ok(!options.body.includes('sk_secret'));
  assert.deepEqual([events[0].anonymous, events[0].body.prompt.version], [undefined, '7']);
});

test('a thousand events go out in a few requests, each once', async () => {
  const { client, requests } = backEnd();
  for (let count = 0; count < 1000; count += 1) client.thumb(`m${count}`, { value: 'up' }, { actor: 'u' });
  assert.equal(await client.flush(), true);
  assert.deepEqual(requests.flatMap(({ events }) => events.map(({ seq }) => seq)).sort((a, b) => a - b), Array.from({ length: 1000 }, (_, seq) => seq));
  assert.ok(requests.length < 40, `${requests.length} requests`);
  assert.equal(client.counts.sent, 1000);
});

test('beyond ten thousand the oldest are dropped, counted and told, and an event costs the same', async () => {
  const { client } = backEnd(() => new Promise(() => {}));
  const dropped = [];
  client.on('dropped', ({ event, reason }) => dropped.push([event.target, reason]));
  for (let count = 0; count < 10_100; count += 1) client.signal(`m${count}`, { name: 'copied' });
  const [first, last] = [dropped[0], dropped.at(-1)];
  assert.deepEqual([dropped.length, first, last], [99, ['m1', 'queue_full'], ['m99', 'queue_full']]);
  assert.equal(client.waiting().length, 10_001);
  client.clear();
  assert.deepEqual([client.waiting().length, client.counts.cleared], [0, 10_001]);
});

test('a poison event is rejected alone, and told', async () => {
  const { client } = backEnd((events) =>
    Response.json({ results: events.map(({ id, target }) => (target === 'bad' ? { id, status: 'rejected', reason: 'too_deep' } : { id, status: 'accepted' })) }),
  );
  const errors = [];
  client.on('error', ({ event, reason }) => errors.push([event.target, reason]));
  for (const target of ['a', 'bad', 'b']) client.outcome(target, { name: 'paid' });
  assert.equal(await client.flush(), true);
  assert.deepEqual([client.counts.sent, errors], [2, [['bad', 'too_deep']]]);
});

test('a flush ends in time where nobody answers', async () => {
  const { client } = backEnd(() => new Promise(() => {}));
  client.thumb('m', { value: 'up' });
  assert.equal(await client.flush(30), false);
});

test('what waits keeps no process alive', async () => {
  const script = `
    import { createClient } from '${CLIENT}';
    const client = createClient({ key: 'sk_1', url: 'http://127.0.0.1:9' });
    client.thumb('m', { value: 'up' });
    client.on('queued', ({ reason }) => console.log(reason));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 20_000 });
  assert.equal(stdout, 'network\n');
});
