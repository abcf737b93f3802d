/** Tells sayso what was asked and answered, under the very id that the page hands to its thumbs. */
import type { UIMessage } from 'ai';
import { createClient } from 'sayso-widgets/client';
import { model } from './model';

export const sayso = createClient({
  url: process.env.SAYSO_URL ?? 'http://127.0.0.1:8710',
  key: process.env.SAYSO_KEY,
});

export function recordAnswer({ id, messages, answer }: { id: string; messages: UIMessage[]; answer: UIMessage }) {
  const body = {
    input: textOf(messages.findLast(({ role }) => role === 'user')),
    output: textOf(answer),
    model: model.modelId,
    prompt: { name: 'help-desk', version: '1' },
  };
  sayso.interaction(answer.id, body, { session: id });
}

const textOf = (message?: UIMessage) =>
  message?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? '';
