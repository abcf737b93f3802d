import {
  ActionBarPrimitive,
  AssistantRuntimeProvider,
  ComposerPrimitive,
  MessagePrimitive,
  ThreadPrimitive,
  useExternalStoreRuntime,
  type AppendMessage,
  type ThreadMessageLike,
} from '@assistant-ui/react';
import { useEffect, useState } from 'react';
import { ask, load, question, save, type Message } from '../../shared/chat.js';
import { feedback } from './feedback';

/** The ids are the back end's, so that the adapter's `message.id` is what the back end told sayso. */
const convertMessage = ({ id, role, text, done }: Message): ThreadMessageLike => ({
  id,
  role,
  content: text,
  ...(role === 'assistant' && { status: done ? { type: 'complete', reason: 'stop' } : { type: 'running' } }),
});

export function Chat() {
  const [messages, setMessages] = useState<Message[]>(load);
  useEffect(() => save(messages), [messages]);

  async function onNew({ content }: AppendMessage) {
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const asked = [...messages, question(text)];
    setMessages(asked);
    await ask(text, (answer) => setMessages([...asked, answer]));
  }

  const runtime = useExternalStoreRuntime({
    messages,
    convertMessage,
    onNew,
    isRunning: messages.at(-1)?.done === false,
    adapters: { feedback },
  });

  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <ThreadPrimitive.Root className="chat">
        <header>
          <h1>Help desk</h1>
          <p>Ask about refunds, delivery or your account.</p>
        </header>
        <div className="messages">
          <ThreadPrimitive.Messages components={{ UserMessage, AssistantMessage }} />
        </div>
        <ComposerPrimitive.Root className="ask">
          <ComposerPrimitive.Input aria-label="Your question" rows={1} />
          <ComposerPrimitive.Send>Ask</ComposerPrimitive.Send>
        </ComposerPrimitive.Root>
      </ThreadPrimitive.Root>
    </AssistantRuntimeProvider>
  );
}

const UserMessage = () => (
  <MessagePrimitive.Root className="user">
    <MessagePrimitive.Parts />
  </MessagePrimitive.Root>
);

const AssistantMessage = () => (
  <MessagePrimitive.Root className="assistant">
    <MessagePrimitive.Parts />
    <ActionBarPrimitive.Root hideWhenRunning className="tools">
      <ActionBarPrimitive.FeedbackPositive>Good answer</ActionBarPrimitive.FeedbackPositive>
      <ActionBarPrimitive.FeedbackNegative>Bad answer</ActionBarPrimitive.FeedbackNegative>
    </ActionBarPrimitive.Root>
  </MessagePrimitive.Root>
);
