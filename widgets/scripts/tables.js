/**
 * The tables of README.md, out of the elements' own documentation. Pure.
 */

const TABLES = {
  attributes: { tag: 'attr', head: ['attribute', 'values', 'meaning'] },
  properties: { tag: 'prop', head: ['property', 'values', 'meaning'] },
  methods: { tag: 'method', head: ['method', 'meaning'] },
  events: { tag: 'fires', head: ['event', 'meaning'] },
  parts: { tag: 'csspart', head: ['part', 'meaning'] },
  slots: { tag: 'slot', head: ['slot', 'meaning'] },
  states: { tag: 'cssstate', head: ['state', 'meaning'] },
  variables: { tag: 'cssprop', head: ['variable', 'default', 'meaning'] },
};

/**
 * Put fresh tables between their marks.
 * @param {string} readme
 * @param {{sources: {[element: string]: string}, sizes: import('./sizes.js').Size[]}} from
 * @returns {string}
 */
export function renderTables(readme, { sources, sizes }) {
  let text = readme;
  for (const [element, source] of Object.entries(sources)) {
    for (const [name, { tag, head }] of Object.entries(TABLES)) {
      const body = rows(source, tag);
      if (body.length) text = fill(text, `${element} ${name}`, table(head, body));
    }
  }
  const measured = sizes.map(({ name, ...size }) => [`\`${name}\``, kilobytes(size.raw), kilobytes(size.gzip), kilobytes(size.brotli), kilobytes(size.budget)]);
  return fill(text, 'sizes', table(['what a page loads', 'as it is', 'gzip', 'brotli', 'budget (gzip)'], measured));
}

/** @param {number} bytes rounded, since another zlib may give a few bytes more or less */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

/**
 * @param {string} source
 * @param {string} tag
 * @returns {string[][]}
 */
function rows(source, tag) {
  const pattern = new RegExp(`^ \\* @${tag} (?:\\{([^}]+)\\} )?(?:\\[([^=]+)=([^\\]]+)\\]|(\\S+)) - (.+)$`, 'gm');
  return [...source.matchAll(pattern)].map(([, type, variable, fallback, name, meaning]) =>
    [`\`${name ?? variable}\``, type?.replaceAll('|', ' or ') ?? fallback, meaning].filter((cell) => cell !== undefined),
  );
}

/** @param {string[]} head @param {string[][]} body */
function table(head, body) {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {string} text @param {string} name @param {string} content */
function fill(text, name, content) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md needs the lines ${begin} and ${end}.`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}
