/** Tells sayso what was asked and answered, under the very id that the page hands to its thumbs. */
import type { UIMessage } from 'ai';
import { model } from './model';

const collector = process.env.SAYSO_URL ?? 'http://127.0.0.1:8710';

export async function recordAnswer({ id, messages, answer }: { id: string; messages: UIMessage[]; answer: UIMessage }) {
  const body = {
    input: textOf(messages.findLast(({ role }) => role === 'user')),
    output: textOf(answer),
    model: model.modelId,
    prompt: { name: 'help-desk', version: '1' },
  };
  const event = { id: crypto.randomUUID(), kind: 'interaction', target: answer.id, session: id, body };
  await fetch(`${collector}/v1/events`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${process.env.SAYSO_KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ events: [event] }),
  });
}

const textOf = (message?: UIMessage) =>
  message?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('') ?? '';
