/** A model that needs no network and no key. Replace it by one of a provider: `openai('...')`, `anthropic('...')`. */
import { simulateReadableStream } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { answerTo } from '../../shared/answers.js';

type Options = Parameters<MockLanguageModelV4['doStream']>[0];

const USAGE = {
  inputTokens: { total: 0, noCache: 0, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 0, text: 0, reasoning: undefined },
};

function lastQuestion({ prompt }: Options) {
  const content = prompt.findLast(({ role }) => role === 'user')?.content;
  return Array.isArray(content) ? content.map((part) => (part.type === 'text' ? part.text : '')).join('') : '';
}

export const model = new MockLanguageModelV4({
  modelId: 'help-desk-1',
  doStream: async (options) => {
    const words = answerTo(lastQuestion(options)).split(/(?<= )/);
    return {
      stream: simulateReadableStream({
        chunkDelayInMs: Number(process.env.WORD_MS ?? 40),
        chunks: [
          { type: 'text-start', id: 'text' },
          ...words.map((delta) => ({ type: 'text-delta' as const, id: 'text', delta })),
          { type: 'text-end', id: 'text' },
          { type: 'finish', finishReason: { unified: 'stop', raw: undefined }, usage: USAGE },
        ],
      }),
    };
  },
});
