/**
 * The back end of the small examples, inside Vite's own server, so that there is one thing to start.
 * `POST /api/ask` answers a question word by word; `/fb` is the collector, from the page's own origin.
 */
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadEnv } from 'vite';
import { createClient } from 'sayso-widgets/client';
import { answerTo } from './answers.js';

/** @returns {import('vite').Plugin} */
export function backend() {
  /** @type {import('sayso-widgets/client').Client} */
  let sayso;

  /** @type {import('vite').Connect.SimpleHandleFunction} */
  async function handle(request, response) {
    const input = await text(request);
    const output = answerTo(input);
    // Made here, told to sayso below, and sent to the page before the first word: one id for both.
    const id = `msg_${randomUUID()}`;
    response.setHeader('Answer-Id', id);
    for (const word of output.split(/(?<= )/)) {
      response.write(word);
      await sleep(Number(process.env.WORD_MS ?? 40));
    }
    sayso.interaction(id, { input, output, model: 'help-desk-1', prompt: { name: 'help-desk', version: '1' } });
    response.end();
  }

  return {
    name: 'help-desk',
    config(_, { mode }) {
      const { SAYSO_URL: url = 'http://127.0.0.1:8710', SAYSO_KEY: key } = loadEnv(mode, process.cwd(), 'SAYSO_');
      sayso = createClient({ url, key });
      const proxy = { '/fb': { target: url, rewrite: (/** @type {string} */ path) => path.slice(3) } };
      return { envPrefix: 'PUBLIC_', server: { proxy }, preview: { proxy } };
    },
    configureServer: ({ middlewares }) => void middlewares.use('/api/ask', handle),
    configurePreviewServer: ({ middlewares }) => void middlewares.use('/api/ask', handle),
  };
}
