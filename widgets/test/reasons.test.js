import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReasons } from '../src/elements/reasons.js';

test('texts are their own ids, from a list or between commas', () => {
  const both = [{ id: 'Too long', label: 'Too long' }, { id: 'Rude', label: 'Rude' }];
  assert.deepEqual(readReasons('Too long, Rude,'), both);
  assert.deepEqual(readReasons(['Too long', 'Rude']), both);
  assert.deepEqual(readReasons('["Too long", "Rude"]'), both);
});

test('ids may have labels', () => {
  const one = [{ id: 'tone', label: 'Wrong tone' }];
  assert.deepEqual(readReasons(one), one);
  assert.deepEqual(readReasons(JSON.stringify(one)), one);
  assert.deepEqual(readReasons([{ id: 'tone' }]), [{ id: 'tone', label: 'tone' }]);
});

test('an empty text is no reasons at all, and what cannot be read is as if it were absent', () => {
  assert.deepEqual(readReasons(''), []);
  for (const given of [undefined, null, 7, {}, '[object Object]', '[oops']) assert.equal(readReasons(given), undefined);
});

test('there are bounds, and nothing in a list throws', () => {
  assert.equal(readReasons(Array.from({ length: 99 }, (_, at) => at)).length, 12);
  assert.equal(readReasons(['x'.repeat(999)])[0].id.length, 200);
  assert.equal(readReasons([null, undefined, {}]).length, 3);
  assert.equal(readReasons([Symbol('x')]), undefined);
});
