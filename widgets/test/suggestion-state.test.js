import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLANK, named, resultOf, step } from '../src/elements/suggestion-state.js';

const SUGGESTION = 'the cat';

/** What an element does: every change that is asked for is made. */
function run(actions, now = BLANK) {
  const changes = [];
  for (const action of actions) {
    let { now: next, effects } = step(now, action);
    if (effects.change) {
      changes.push(effects.change);
      next = step(next, { type: 'changed', change: effects.change, id: `e${changes.length}` }).now;
    }
    now = next;
  }
  return { now, changes: changes.map(({ outcome, previous, final }) => [outcome, previous, final]) };
}

const OUTCOMES = { accept: 'accepted', reject: 'rejected', undo: 'undone' };

/** The actions that stand behind the buttons. */
const does = (type, text) => {
  if (type in OUTCOMES) return { type: 'decide', outcome: OUTCOMES[type] };
  return type === 'save' ? { type: 'decide', outcome: 'edited', text, suggestion: SUGGESTION } : { type, text };
};
const types = (...names) => names.map((type) => does(type));

test('a suggestion is accepted or rejected, each of which can be undone', () => {
  assert.deepEqual(run(types('accept', 'undo', 'reject', 'undo')).changes, [
    ['accepted', 'pending', undefined],
    ['undone', 'accepted', undefined],
    ['rejected', 'pending', undefined],
    ['undone', 'rejected', undefined],
  ]);
});

test('what is decided stays until it is undone, and what is not decided cannot be undone', () => {
  assert.equal(run(types('accept', 'accept', 'reject', 'edit')).changes.length, 1);
  assert.equal(run([does('accept'), does('save', 'other')]).now.state, 'accepted');
  assert.deepEqual(run(types('undo')), { now: BLANK, changes: [] });
});

test('a text of one’s own is an edit; the suggestion itself, saved, is accepted', () => {
  assert.deepEqual(run([does('save', 'my cat')]).changes, [['edited', 'pending', 'my cat']]);
  assert.deepEqual(run([does('save', '')]).changes, [['edited', 'pending', '']]);
  assert.deepEqual(run([does('save', SUGGESTION)]).changes[0].slice(0, 2), ['accepted', 'pending']);
});

test('Escape keeps what was typed, Cancel and a save do not, and an undo brings it back', () => {
  const typed = [{ type: 'edit' }, { type: 'write', text: 'my' }];
  assert.equal(run([...typed, does('leave', 'my')]).now.draft, 'my');
  assert.equal(run([...typed, does('leave', 'my')]).now.editing, false);
  assert.equal(run([...typed, does('leave')]).now.draft, undefined);
  const saved = [...typed, does('save', 'my')];
  assert.equal(run(saved).now.draft, undefined);
  assert.equal(run([...saved, does('undo')]).now.draft, 'my');
});

test('while the page decides on a change nothing else happens, and one that it refuses leaves all as it was', () => {
  const before = run([{ type: 'edit' }, { type: 'write', text: 'my' }]).now;
  const { now, effects } = step(before, does('save', 'my'));
  assert.equal(effects.change.outcome, 'edited');
  for (const type of ['accept', 'reject', 'undo', 'edit', 'leave', 'save', 'write']) {
    assert.deepEqual(step(now, does(type, 'x')), { now, effects: {} });
  }
  assert.deepEqual(step(now, { type: 'kept' }).now, before);
});

test('the focus goes to what comes next', () => {
  const { effects } = step(BLANK, does('accept'));
  const accepted = step(BLANK, { type: 'changed', change: effects.change, id: 'e' });
  assert.equal(accepted.effects.focus, 'undo');
  const undone = step(accepted.now, does('undo'));
  assert.equal(step(undone.now, { type: 'changed', change: undone.effects.change, id: 'e' }).effects.focus, 'accept');
  assert.equal(step(BLANK, { type: 'edit' }).effects.focus, 'editor');
  assert.equal(step({ ...BLANK, editing: true }, does('leave')).effects.focus, 'edit');
});

test('reasons are about the rejection, are chosen and taken back, and are gone with it', () => {
  const { now } = run(types('reject'));
  const chosen = step(now, { type: 'choose', reason: 'tone' }).effects.detail;
  assert.deepEqual(chosen, { about: 'e1', reasons: ['tone'] });
  const told = step(now, { type: 'told', reasons: chosen.reasons }).now;
  assert.deepEqual(step(told, { type: 'choose', reason: 'tone' }).effects.detail.reasons, []);
  assert.deepEqual(run(types('undo'), told).now.reasons, []);
  assert.deepEqual(step(BLANK, { type: 'choose', reason: 'tone' }).effects, {});
});

test('the result is the text that stands in the page', () => {
  const texts = { original: 'teh cat', suggestion: SUGGESTION };
  const results = (review) =>
    ['pending', 'accepted', 'edited', 'rejected'].map((state) => resultOf({ state, final: 'my cat' }, { ...texts, review }));
  assert.deepEqual(results(false), ['teh cat', SUGGESTION, 'my cat', 'teh cat']);
  assert.deepEqual(results(true), [SUGGESTION, SUGGESTION, 'my cat', 'teh cat']);
});

test('only four words are states', () => {
  assert.deepEqual(['pending', 'edited', 'undone', '', null, {}].map(named), ['pending', 'edited', ...Array(4).fill(undefined)]);
});

test('whatever is done in whatever order: changes form a chain, and a typed text is lost only by Cancel', () => {
  const kinds = ['accept', 'reject', 'undo', 'edit', 'write', 'leave', 'save', 'kept', 'changed', 'choose'];
  let seed = 11;
  const draw = (below) => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  for (let round = 0; round < 500; round += 1) {
    let now = BLANK;
    let asked;
    let typed;
    let state = 'pending';
    for (let turn = 0; turn < 40; turn += 1) {
      const type = kinds[draw(kinds.length)];
      // The element answers what it was asked, and nothing else.
      if ((type === 'changed' || type === 'kept') !== Boolean(asked)) continue;
      const cancels = draw(2);
      const texts = { save: now.draft ?? SUGGESTION, leave: cancels ? undefined : now.draft };
      const text = type in texts ? texts[type] : `text ${round} ${turn}`;
      const before = now;
      const result = step(now, { ...does(type, text), change: asked, id: `e${turn}`, reason: 'r' });
      now = result.now;
      if (type === 'write' && before.editing && !before.busy) typed = text;
      if (type === 'leave' && cancels && before.editing && !before.busy) typed = undefined;
      if (type === 'changed') {
        assert.equal(asked.previous, state);
        state = now.state;
        asked = undefined;
      } else if (type === 'kept') asked = undefined;
      asked = result.effects.change ?? asked;
      assert.equal(now.busy, Boolean(asked));
      assert.equal(now.state, state);
      if (typed !== undefined) assert.equal(now.draft ?? now.final, typed);
      if (now.editing) assert.equal(now.state, 'pending');
    }
  }
});
