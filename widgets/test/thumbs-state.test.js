import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLANK, isDraft, press, step, verdict } from '../src/elements/thumbs-state.js';

/** Goes through several actions, as the element does when the page prevents nothing. */
function after(...actions) {
  let [state, made, effects] = [BLANK, 0, {}];
  for (const action of actions) {
    ({ state, effects } = step(state, action));
    const follows =
      (effects.rate && { type: 'rated', value: effects.rate.value, id: `id_${(made += 1)}`, asks: effects.rate.value === 'down' }) ||
      (effects.detail && { type: 'told' });
    if (follows) ({ state, effects } = step(state, follows));
  }
  return { state, effects };
}

const DOWN = { type: 'press', side: 'down' };
const UP = { type: 'press', side: 'up' };
const choose = (reason) => ({ type: 'choose', reason });
const write = (comment) => ({ type: 'write', comment });

test('a press sets, the same takes back, the other changes, each with what was before', () => {
  assert.deepEqual(press(null, 'up'), { value: 'up' });
  assert.deepEqual(press('up', 'up'), { value: null, previous: 'up' });
  assert.deepEqual(press('up', 'down'), { value: 'down', previous: 'up' });
});

test('only up and down are verdicts', () => {
  assert.deepEqual(['up', 'down', '', 'UP', null, 1, {}].map(verdict), ['up', 'down', null, null, null, null, null]);
});

test('a press alone changes nothing: the page may prevent it', () => {
  const { state, effects } = step(BLANK, DOWN);
  assert.deepEqual([state, effects], [BLANK, { rate: { value: 'down' } }]);
});

test('where the first verdict is locked, a press does nothing', () => {
  const { state } = after(UP);
  assert.deepEqual(step(state, { ...UP, locked: true }), { state, effects: {} });
  assert.deepEqual(step(state, { ...DOWN, locked: true }), { state, effects: {} });
  assert.ok(step(BLANK, { ...UP, locked: true }).effects.rate);
});

test('the panel opens where the page asks, with the focus in it', () => {
  const { state, effects } = after(DOWN);
  assert.deepEqual([state.open, effects.focus, effects.say], [true, 'panel', 'saved']);
  assert.equal(after(UP).state.open, false);
});

test('reasons are chosen and let go', () => {
  assert.deepEqual(after(DOWN, choose('a'), choose('b'), choose('a')).state.reasons, ['b']);
});

test('what is sent is about the press, with the words trimmed', () => {
  const { state } = after(DOWN, choose('a'), write('  too long '));
  assert.deepEqual(step(state, { type: 'send' }).effects.detail, { about: 'id_1', reasons: ['a'], comment: 'too long' });
  assert.equal(step(after(DOWN, choose('a'), write(' ')).state, { type: 'send' }).effects.detail.comment, '');
});

test('nothing new is nothing to send, and closes as Skip does', () => {
  for (const actions of [[DOWN], [DOWN, choose('a'), choose('a')], [DOWN, choose('a'), { type: 'send' }, { type: 'open' }]]) {
    const { state, effects } = after(...actions, { type: 'send' });
    assert.deepEqual([state.open, effects.say, effects.remember], [false, undefined, undefined]);
  }
});

test('after it is sent the panel shows it again, and it is no draft', () => {
  const { state } = after(DOWN, choose('a'), write('x'), { type: 'send' }, { type: 'open' });
  assert.deepEqual([state.open, state.reasons, state.comment, isDraft(state)], [true, ['a'], 'x', false]);
});

test('Escape keeps a draft, Skip goes back to what was sent', () => {
  const draft = [DOWN, choose('a'), write('x')];
  assert.ok(isDraft(after(...draft, { type: 'close' }).state));
  const { state } = after(...draft, { type: 'skip' });
  assert.deepEqual([isDraft(state), state.reasons, state.comment, state.value], [false, [], '', 'down']);
});

test('another verdict or none takes the detail out of sight', () => {
  for (const press of [UP, DOWN]) {
    const { state } = after(DOWN, choose('a'), write('x'), { type: 'send' }, press);
    assert.deepEqual([state.reasons, state.comment, state.told, state.open], [[], '', { reasons: [], comment: '' }, false]);
  }
});

test('words that were not sent outlive a change of mind, the reasons do not', () => {
  const typed = [DOWN, choose('a'), write('x'), UP];
  assert.deepEqual([after(...typed).state.comment, after(...typed).state.reasons], ['x', []]);
  assert.equal(after(...typed, DOWN).state.comment, 'x');
  assert.equal(after(...typed, UP).state.comment, '');
});

test('a verdict of which this browser knows no event cannot be explained', () => {
  const state = { ...BLANK, value: 'down' };
  assert.deepEqual(step(state, { type: 'open' }), { state, effects: {} });
});

test('any row of actions leaves a state that makes sense, and no two events of one press', () => {
  let seed = 7;
  const chance = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const kinds = [UP, DOWN, choose('a'), choose('b'), write('x'), write(''), { type: 'send' }, { type: 'skip' }, { type: 'close' }, { type: 'open' }];
  for (let round = 0; round < 2000; round += 1) {
    let state = BLANK;
    for (let turn = 0; turn < 12; turn += 1) {
      const before = state;
      let { state: next, effects } = step(state, kinds[chance(kinds.length)]);
      assert.ok(!(effects.rate && effects.detail));
      if (effects.rate) {
        assert.equal(effects.rate.previous ?? null, before.value);
        assert.notEqual(effects.rate.value, before.value);
        next = step(next, { type: 'rated', value: effects.rate.value, id: `${turn}`, asks: effects.rate.value === 'down' }).state;
      }
      if (effects.detail) {
        assert.equal(effects.detail.about, before.id);
        next = step(next, { type: 'told' }).state;
        assert.equal(isDraft(next), false);
      }
      assert.ok(!next.open || next.id);
      state = next;
    }
  }
});
