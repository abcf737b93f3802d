import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, diff, longest, words } from '../src/elements/diff.js';

const original = (hunks) => hunks.map(({ same, del }) => same + del).join('');
const suggestion = (hunks) => hunks.map(({ same, ins }) => same + ins).join('');
const shown = (a, b, split = words('en')) =>
  diff(a, b, split).map(({ same, del, ins }) => same + (del && `[-${del}-]`) + (ins && `{+${ins}+}`)).join('');

/** Without Intl.Segmenter. */
function plainWords() {
  const { Segmenter } = Intl;
  try {
    delete Intl.Segmenter;
    return words('en');
  } finally {
    Intl.Segmenter = Segmenter;
  }
}

/** Chance that is the same in each run. */
function chance(seed) {
  return (below) => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

const ALPHABETS = {
  words: ['the', 'cat', 'sat', 'on', ' ', ' ', '\n', '.', ', ', 'a', "don't"],
  pairs: ['😀', '😁', '𝒳', ' ', '\ud83d', '\ude00', 'x'],
  families: ['👨‍👩‍👧', '👨‍👩‍👦', '👍🏽', '👍🏿', '🇩🇪', '🇫🇷', 'e\u0301', ' ', '❤️'],
  'right to left': ['שלום', 'עולם', ' ', 'مرحبا', 'بالعالم', '\u200f', '،', '\u0651'],
  cjk: ['今天', '天气', '很', '好', '。', '日本語', 'テスト', 'の', ' ', '한국어'],
  spaces: [' ', '\n', '\t', '\u00a0', '\u3000', 'a', 'b', '\r\n'],
};

for (const [name, alphabet] of Object.entries(ALPHABETS)) {
  for (const [way, split] of [['a segmenter', words('en')], ['none', plainWords()]]) {
    test(`test_item_29_both texts can be put together from the pieces of random texts: ${name}, with ${way}`, () => {
      const draw = chance(29);
      for (let run = 0; run < 300; run += 1) {
        const text = () => Array.from({ length: draw(12) }, () => alphabet[draw(alphabet.length)]);
        const a = text();
        const b = draw(2) ? text() : a.filter(() => draw(4)).concat(draw(2) ? text() : []);
        const hunks = diff(a.join(''), b.join(''), split);
        assert.equal(original(hunks), a.join(''));
        assert.equal(suggestion(hunks), b.join(''));
      }
    });
  }
}

test('it finds the longest row of words that is in both, as a plain table of all pairs does', () => {
  const draw = chance(7);
  for (let run = 0; run < 500; run += 1) {
    const [a, b] = [0, 0].map(() => Array.from({ length: draw(14) }, () => 'abc'[draw(3)]));
    const table = Array.from({ length: a.length + 1 }, () => Array(b.length + 1).fill(0));
    for (let x = a.length - 1; x >= 0; x -= 1) {
      for (let y = b.length - 1; y >= 0; y -= 1) {
        table[x][y] = a[x] === b[y] ? table[x + 1][y + 1] + 1 : Math.max(table[x + 1][y], table[x][y + 1]);
      }
    }
    const runs = longest(a, b, Infinity);
    assert.equal(runs.reduce((sum, { length }) => sum + length, 0), table[0][0]);
    for (const { x, y, length } of runs) assert.deepEqual(a.slice(x, x + length), b.slice(y, y + length));
  }
});

test('words are kept whole, and spaces too', () => {
  assert.equal(shown('It was good.', 'It was really good.'), 'It was {+really +}good.');
  assert.equal(shown('a b', 'a  b'), 'a {+ +}b');
  assert.equal(shown('category', 'cat'), '[-category-]{+cat+}');
  assert.equal(shown("I don't know", 'I do know'), "I [-don't-]{+do+} know");
});

test('a little that stays between two larger changes goes with them', () => {
  assert.equal(shown('The quick brown fox jumps far', 'The slow red fox jumps far'), 'The [-quick brown-]{+slow red+} fox jumps far');
  assert.equal(shown('He has a apple', 'He have an apple'), 'He [-has a-]{+have an+} apple');
  assert.equal(
    shown('We can refund it within ten working days.', 'We could refund it within two working days.'),
    'We [-can-]{+could+} refund it within [-ten-]{+two+} working days.',
  );
});

test('a family is changed as a whole, also where there is no segmenter', () => {
  for (const split of [words('en'), plainWords()]) {
    assert.equal(shown('my 👨‍👩‍👧 here', 'my 👨‍👩‍👦 here', split), 'my [-👨‍👩‍👧-]{+👨‍👩‍👦+} here');
    assert.equal(shown('so 👍🏽', 'so 👍🏿', split), 'so [-👍🏽-]{+👍🏿+}');
  }
});

test('test_item_27_Chinese is cut into its words, where no space does it', () => {
  assert.equal(shown('今天天气很好', '今天天气非常好', words('zh')), '今天天气[-很好-]{+非常好+}');
});

test('equal texts are one piece without a change', () => {
  assert.equal(shown('same\n', 'same\n'), 'same\n');
  assert.equal(shown('', ''), '');
});

test('an unknown locale is no reason to fail', () => {
  assert.equal(shown('a b', 'a c', words('no such locale')), 'a [-b-]{+c+}');
});

/** Counts how often a word is looked at. */
function counted(list, count) {
  return new Proxy(list, {
    get(words, at) {
      if (/^\d+$/.test(String(at))) count.looks += 1;
      return Reflect.get(words, at);
    },
  });
}

test('test_item_29_the work is bounded, whatever the words', () => {
  const draw = chance(3);
  const random = () => Array.from({ length: 20_000 }, () => `${draw(50)}`);
  for (const [a, b] of [
    [random(), random()],
    [Array(20_000).fill('a'), [...Array(10_000).fill('a'), 'b', ...Array(10_000).fill('a')]],
    [Array.from({ length: 20_000 }, (_, at) => `a${at}`), Array.from({ length: 20_000 }, (_, at) => `b${at}`)],
  ]) {
    const count = { looks: 0 };
    compare(counted(a, count), counted(b, count));
    assert.ok(count.looks < 3_000_000, `${count.looks} looks`);
  }
});

test('test_item_29_a megabyte is cut at its ends only, and shown as one piece where it differs', () => {
  const draw = chance(1);
  const text = (length) => Array.from({ length }, () => 'abcdefgh '[draw(9)]).join('');
  const [a, b] = [text(1_000_000), text(1_000_000)];
  let cut = 0;
  const split = (part) => {
    cut += part.length;
    return words('en')(part);
  };
  const hunks = diff(`Dear all ${a} Yours`, `Dear all ${b} Yours`, split);
  assert.equal(cut, 0);
  assert.equal(hunks.length, 2);
  assert.ok(hunks[0].same.startsWith('Dear all '));
  assert.equal(original(hunks), `Dear all ${a} Yours`);

  const near = diff(`${a} one ${b}`, `${a} two ${b}`, split);
  assert.ok(cut < 100, `${cut} characters were cut into words`);
  assert.equal(near.map(({ del, ins }) => del + ins).join(''), 'onetwo');
});
