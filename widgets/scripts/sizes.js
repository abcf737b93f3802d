/**
 * What a page has to load, and how much of it there may be.
 */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { bundle } from './bundle.js';

/** Bytes with gzip. */
const BUDGETS = { 'sayso.js': 13900, 'thumbs with client': 9450, 'thumbs alone': 6900, 'comment alone': 4450, 'suggestion alone': 7600, 'client alone': 3000 };

/**
 * @typedef {{name: string, raw: number, gzip: number, brotli: number, budget: number}} Size in bytes
 */

/**
 * @param {string} script the text of dist/sayso.js
 * @returns {Promise<Size[]>}
 */
export async function measure(script) {
  const texts = {
    'sayso.js': script,
    'thumbs with client': await bundle('import "./src/define/thumbs.js"; export * from "./src/elements/page.js"', 'esm'),
    'thumbs alone': await bundle('src/elements/thumbs.js', 'esm'),
    'comment alone': await bundle('src/elements/comment.js', 'esm'),
    'suggestion alone': await bundle('src/elements/suggestion.js', 'esm'),
    'client alone': await bundle('src/client/client.js', 'esm'),
  };
  return Object.entries(texts).map(([name, text]) => ({
    name,
    raw: Buffer.byteLength(text),
    gzip: gzipSync(text, { level: 9 }).length,
    brotli: brotliCompressSync(text).length,
    budget: BUDGETS[name],
  }));
}

/** @param {Size[]} sizes @returns {string[]} one sentence for each that is too large */
export const overBudget = (sizes) =>
  sizes
    .filter(({ gzip, budget }) => gzip > budget)
    .map(({ name, gzip, budget }) => `${name} takes ${gzip} bytes with gzip; its budget is ${budget}`);
