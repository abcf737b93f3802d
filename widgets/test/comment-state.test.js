import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLANK, step } from '../src/elements/comment-state.js';

const send = (text, max = 100) => step({ ...BLANK, text }, { type: 'send', max });

test('what is sent has no blanks around it, and stays in the field until the event is made', () => {
  const { state, effects } = send('  Which card? ');
  assert.deepEqual([state.text, effects], ['  Which card? ', { comment: 'Which card?' }]);
});

test('nothing and blanks are not sent, and it is said', () => {
  for (const text of ['', ' \n\t ']) assert.deepEqual(send(text).effects, { say: 'empty', focus: true });
});

test('one word is enough', () => assert.deepEqual(send('wrong').effects, { comment: 'wrong' }));

test('what is too long is neither sent nor cut', () => {
  const { state, effects } = send('x'.repeat(11), 10);
  assert.deepEqual([state.text.length, effects], [11, { focus: true }]);
  assert.ok(send(`  ${'x'.repeat(10)}  `, 10).effects.comment);
});

test('after it was sent there is thanks and an empty field, and it is not sent twice', () => {
  const { state, effects } = step({ ...BLANK, text: 'x' }, { type: 'sent' });
  assert.deepEqual([state, effects.say], [{ text: '', sent: true }, 'thanks']);
  assert.deepEqual(step(state, { type: 'send', max: 9 }), { state, effects: {} });
  assert.equal(step(state, { type: 'again' }).state.sent, false);
});
