import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstBreach } from '../src/client/contract.js';
import { build, envelope, SOURCE } from '../src/client/event.js';
import { golden } from './golden.js';
import { createClient } from '../src/client/index.js';

/** What is null is left out, and there is no negative zero in JSON. */
const sayable = (event) => JSON.parse(JSON.stringify(event, (_, value) => value), undefined);
const withoutNulls = (event) => sayable(Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null)));

/** Records an event by the method of its kind, with a secret key, and gives what goes over the wire. */
async function recorded({ kind, target, body, ...about }) {
  const sent = [];
  const transport = async (text) => {
    const { events } = JSON.parse(text);
    sent.push(...events);
    return { status: 200, results: events.map(({ id }) => ({ id, status: 'accepted' })) };
  };
  const client = createClient({ key: 'sk_1', transport });
  client[kind](target, body, about);
  await client.flush();
  return sent;
}

for (const { name, why, event } of golden('accept')) {
  test(`${name}: builds what the collector accepts: ${why}`, () => {
    const { id, occurred_at, seq, ...fields } = event;
    const built = build(fields, { id, occurred_at, seq });
    assert.deepEqual(built, { ...withoutNulls(event), source: SOURCE });
    const [sent] = JSON.parse(envelope({ key: 'pk_1', sent_at: occurred_at }, [built])).events;
    assert.deepEqual(sent, built);
    assert.equal(firstBreach(event), undefined);
  });

  test(`${name}: a back end's client sends it by the method of its kind`, async () => {
    const [sent] = await recorded(event);
    assert.deepEqual({ ...sent, seq: 0 }, { ...withoutNulls({ occurred_at: sent.occurred_at, ...event }), source: SOURCE, seq: 0 });
  });
}

/** JavaScript has no number that is one more than the largest that is taken. */
const UNSAYABLE = ['invalid_seq_past_64_bits'];

for (const { name, why, event, raw, key } of golden('reject')) {
  if (UNSAYABLE.includes(name)) continue;
  test(`${name}: refuses what the collector rejects: ${why}`, () => {
    let value = event;
    if (raw) {
      try {
        value = JSON.parse(raw);
      } catch {
        return; // what is not JSON cannot be built here
      }
    }
    assert.notEqual(firstBreach(value, key), undefined);
  });
}
