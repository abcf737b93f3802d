/**
 * One entry and all that it imports, as one script text.
 */
import { readFile } from 'node:fs/promises';
import { build, transform } from 'esbuild';
import { minify } from 'terser';

const ROOT = new URL('..', import.meta.url).pathname;

/** esbuild leaves CSS inside JavaScript as it is, so the style modules are made small on the way in. */
const smallStyles = {
  name: 'small-styles',
  setup(bundler) {
    bundler.onLoad({ filter: /-style\.js$/ }, async ({ path }) => {
      const [, before, css, after] = /^([^]*?`)([^]*)(`[^]*)$/.exec(await readFile(path, 'utf8'));
      const { code } = await transform(css, { loader: 'css', minify: true, target: 'safari16.4' });
      return { contents: before + code.trim() + after };
    });
  },
};

/**
 * @param {string} entry a path inside widgets/, or a script that imports such paths
 * @param {'iife' | 'esm'} [format] a script, or a module, which keeps what it exports
 * @returns {Promise<string>}
 */
export async function bundle(entry, format = 'iife') {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    ...(/^import /.test(entry) ? { stdin: { contents: entry, resolveDir: ROOT } } : { entryPoints: [entry] }),
    bundle: true,
    minify: true,
    format,
    target: 'es2022',
    legalComments: 'none',
    charset: 'utf8',
    write: false,
    plugins: [smallStyles],
  });
  const { code } = await minify(outputFiles[0].text, { ecma: 2020, module: true, compress: { passes: 3, hoist_funs: true } });
  return code;
}
