import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstBreach } from '../src/client/contract.js';
import { build, envelope, SOURCE } from '../src/client/event.js';
import { golden, SECRET_KINDS } from './golden.js';

const withoutNulls = (event) => Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null));

for (const { name, why, event } of golden('accept')) {
  if (SECRET_KINDS.includes(event.kind)) {
    test(`${name}: leaves the kind to those with a secret key`, () => assert.equal(firstBreach(event), 'kind'));
    continue;
  }
  test(`${name}: builds what the collector accepts: ${why}`, () => {
    const { id, occurred_at, seq, ...fields } = event;
    const built = build(fields, { id, occurred_at, seq });
    assert.deepEqual(built, { ...withoutNulls(event), source: SOURCE });
    const [sent] = JSON.parse(envelope({ key: 'pk_1', sent_at: occurred_at }, [built])).events;
    assert.deepEqual(sent, built);
    assert.equal(firstBreach(event), undefined);
  });
}

for (const { name, why, event, raw } of golden('reject')) {
  test(`${name}: refuses what the collector rejects: ${why}`, () => {
    let value = event;
    if (raw) {
      try {
        value = JSON.parse(raw);
      } catch {
        return; // what is not JSON cannot be built here
      }
    }
    assert.notEqual(firstBreach(value), undefined);
  });
}
