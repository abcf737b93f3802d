import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { COMMENT, registerStrings, speakers, speakOnly, SUGGESTION, THUMBS, wordsFor } from '../src/elements/strings.js';
import { bundle } from '../scripts/bundle.js';

const ENGLISH = { ...THUMBS, ...COMMENT, ...SUGGESTION };
const LANGUAGES = ['ar', 'de', 'es', 'fr', 'ja', 'ko', 'pt', 'zh'];
const LARGEST = 800;

test('there is a pack for each language', async () => {
  const files = await readdir(new URL('../src/lang', import.meta.url));
  assert.deepEqual(files.sort(), LANGUAGES.map((language) => `${language}.js`));
});

for (const language of LANGUAGES) {
  test(`the pack for ${language} says all that English says, with the same places for numbers`, async () => {
    const { default: pack } = await import(`../src/lang/${language}.js`);
    assert.deepEqual(Object.keys(pack).sort(), Object.keys(ENGLISH).sort());
    for (const [key, text] of Object.entries(pack)) {
      assert.ok(text.trim() === text && text, key);
      assert.equal(text.includes('{n}'), ENGLISH[key].includes('{n}'), key);
    }
  });

  test(`the pack for ${language} is small`, async () => {
    const { length } = gzipSync(await bundle(`src/lang/${language}.js`), { level: 9 });
    assert.ok(length <= LARGEST, `${length} bytes with gzip`);
  });
}

/** A node of a page, as far as languages go. */
const node = (lang, parentNode = null, host = undefined) => ({ lang, parentNode, host });

test('the nearest language counts, also through the border of a shadow tree', () => {
  registerStrings('de', { up: 'Gut' });
  const host = node('de', node('fr'));
  assert.deepEqual(wordsFor(node('', node(undefined, null, host))), { up: 'Gut' });
  assert.equal(wordsFor(node('fr', host)), undefined);
  assert.equal(wordsFor(node('')), undefined);
});

test('a region has a pack of its own, or that of its language', () => {
  registerStrings('pt', { up: 'Boa' });
  registerStrings('pt-BR', { up: 'Legal' });
  assert.deepEqual(wordsFor(node('pt-br')), { up: 'Legal' });
  assert.deepEqual(wordsFor(node('pt-PT')), { up: 'Boa' });
});

test('a page may name one language for all widgets', () => {
  registerStrings('de', { up: 'Gut' });
  speakOnly('de');
  assert.deepEqual(wordsFor(node('en')), { up: 'Gut' });
  speakOnly(undefined);
});

test('widgets that are there are told of new words', () => {
  let told = 0;
  const speaker = { update: () => (told += 1) };
  speakers.add(speaker);
  registerStrings('ko', {});
  speakers.delete(speaker);
  assert.equal(told, 1);
});
