import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstBreach } from '../src/client/contract.js';
import { createClient } from '../src/client/index.js';
import { abandoned, copied, followedUp, kept, regenerated, survived, watchCopies } from '../src/client/signals.js';
import { fakeWindow, settled } from './fake-window.js';

/** A page, its client, and what it has sent. */
function page() {
  const window = fakeWindow();
  const client = createClient({ key: 'pk_1', url: 'https://collector.test' }, window);
  return { client, sent: () => window.requests.flatMap(({ events }) => events).sort((one, other) => one.seq - other.seq) };
}

test('each signal is an event of its name, with a count where there is one', async () => {
  const { client, sent } = page();
  copied(client, 'm', 12);
  regenerated(client, 'm', undefined, { session: 's' });
  abandoned(client, 'm', 900);
  followedUp(client, 'm', 1);
  await settled();
  assert.deepEqual(sent().map(({ body }) => [body.name, body.value]), [
    ['copied', 12], ['regenerated', undefined], ['abandoned', 900], ['followed_up', 1],
  ]);
  assert.deepEqual(sent().map((event) => firstBreach(event, 'pk')), [undefined, undefined, undefined, undefined]);
});

test('a copy out of an element is told once for each piece, by its length alone, until it is stopped', async () => {
  const { client, sent } = page();
  let selection = 'a secret';
  const element = Object.assign(new EventTarget(), { ownerDocument: { getSelection: () => ({ toString: () => selection }) } });
  const stop = watchCopies(client, element, 'm');
  const copy = () => element.dispatchEvent(new Event('copy'));
  copy();
  copy();
  selection = 'another';
  copy();
  stop();
  selection = 'a third';
  copy();
  await settled();
  assert.deepEqual(sent().map(({ body }) => body.value), [8, 7]);
  assert.ok(!JSON.stringify(sent()).includes('secret'));
});

for (const [what, accepted, final, share] of [
  ['the same text', 'Dear Ann, thank you', 'Dear Ann, thank you', 1],
  ['more around it', 'thank you', 'Dear Ann, thank you so much', 1],
  ['half of it', 'one two three four', 'one four', 0.5],
  ['another order', 'one two', 'two one', 0.5],
  ['nothing of it', 'one two', 'three', 0],
  ['nothing at all', 'one two', '', 0],
  ['other white space', 'one  two\n', 'one\ntwo', 1],
  ['no accepted words', '', 'anything', 1],
  ['a script without spaces', '我喜欢猫', '我喜欢狗', 0.75],
]) {
  test(`of an accepted text is kept, with ${what}: ${share}`, () => assert.equal(kept(accepted, final), share));
}

test('survival is a share, sent without the texts', async () => {
  const { client, sent } = page();
  survived(client, 'm', { proposed: 'a secret text here', final: 'a text', after_s: 30 });
  await settled();
  assert.deepEqual(sent().map(({ kind, body }) => [kind, body]), [['suggestion', { survival: { after_s: 30, kept: 0.5 } }]]);
});

test('very long texts are compared within bounds', () => {
  const text = 'word '.repeat(200_000);
  assert.equal(kept(text, text), 1);
});

test('what is kept is always a share, and adding to the end takes nothing away', () => {
  let state = 7;
  const below = (limit) => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % limit;
  const text = () => Array.from({ length: below(30) }, () => 'abcdef'[below(6)]).join(' ');
  for (let turn = 0; turn < 500; turn += 1) {
    const [accepted, final] = [text(), text()];
    const share = kept(accepted, final);
    assert.ok(share >= 0 && share <= 1);
    assert.ok(kept(accepted, `${final} ${text()}`) >= share);
  }
});
