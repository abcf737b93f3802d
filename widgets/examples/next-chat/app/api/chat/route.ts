import {
  consumeStream,
  convertToModelMessages,
  createIdGenerator,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from 'ai';
import { after } from 'next/server';
import { saveChat } from '../../../lib/chats';
import { model } from '../../../lib/model';
import { recordAnswer, sayso } from '../../../lib/feedback';

export async function POST(request: Request) {
  const { id, messages }: { id: string; messages: UIMessage[] } = await request.json();
  await saveChat(id, messages); // so that the question is there when the page is loaded again half-way
  after(() => sayso.flush()); // for hosts that put a function to sleep once it has answered
  const { stream } = streamText({ model, messages: await convertToModelMessages(messages) });
  return createUIMessageStreamResponse({
    stream: toUIMessageStream({
      stream,
      // These two make the answer's id here, and send it to the browser in the first part of the stream.
      originalMessages: messages,
      generateMessageId: createIdGenerator({ prefix: 'msg', size: 16 }),
      onEnd: async ({ messages, responseMessage }) => {
        await saveChat(id, messages);
        recordAnswer({ id, messages, answer: responseMessage });
      },
    }),
    // Read to the end also when the browser has gone, or `onEnd` would see half an answer.
    consumeSseStream: consumeStream,
  });
}
