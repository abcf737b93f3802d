/**
 * Builds dist/sayso.js, a script for each language, and the tables in README.md. With --check it changes nothing and fails where they are
 * not what they would be built to. It always fails where a size is over its budget, or where events name another
 * version than the package's.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { bundle } from './bundle.js';
import { SOURCE } from '../src/client/event.js';
import { renderTables } from './tables.js';
import { measure, overBudget } from './sizes.js';

const CHECK = process.argv.includes('--check');
const ROOT = new URL('../', import.meta.url);

const { version } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8'));
const script = `/* sayso-js/${version} Apache-2.0 */\n${await bundle('src/script.js')}`;
const sizes = await measure(script);
const readme = await readFile(new URL('README.md', ROOT), 'utf8');

/** Each element's own documentation. */
const sources = Object.fromEntries(
  await Promise.all(
    ['thumbs', 'suggestion', 'comment'].map(async (element) => [element, await readFile(new URL(`src/elements/${element}.js`, ROOT), 'utf8')]),
  ),
);

/** For pages without a bundler: a script tag after that of sayso.js. */
const languages = {};
for (const file of await readdir(new URL('src/lang/', ROOT))) {
  const words = `import words from './src/lang/${file}'; globalThis.sayso?.registerStrings('${file.slice(0, -3)}', words);`;
  languages[`dist/lang/${file}`] = await bundle(words);
}

const outputs = {
  'dist/sayso.js': script,
  ...languages,
  'README.md': renderTables(readme, { sources, sizes }),
};

const problems = overBudget(sizes);
if (SOURCE.sdk !== `sayso-js/${version}`) problems.push(`src/client/event.js says ${SOURCE.sdk}, package.json ${version}: make them agree`);
for (const [path, text] of Object.entries(outputs)) {
  const file = new URL(path, ROOT);
  const now = await readFile(file, 'utf8').catch(() => '');
  if (now === text) continue;
  if (CHECK) problems.push(`${path} is stale: run npm run build`);
  else {
    await mkdir(new URL('.', file), { recursive: true });
    await writeFile(file, text);
    console.log(`wrote ${path}`);
  }
}
for (const { name, gzip } of sizes) console.log(`${name}: ${gzip} bytes with gzip`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;
