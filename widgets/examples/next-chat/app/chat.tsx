'use client';

import { useChat } from '@ai-sdk/react';
import type { UIMessage } from 'ai';
import { useState } from 'react';

export function Chat({ id, messages: loaded }: { id: string; messages: UIMessage[] }) {
  const { messages, sendMessage, regenerate, status } = useChat({ id, messages: loaded });
  const busy = status === 'submitted' || status === 'streaming';
  return (
    <main className="chat">
      <header>
        <h1>Help desk</h1>
        <p>Ask about refunds, delivery or your account.</p>
      </header>
      <ol className="messages" aria-live="polite">
        {messages.map((message, index) => {
          const isLast = index === messages.length - 1;
          return (
            <li key={message.id} className={message.role}>
              <p>{textOf(message)}</p>
              {message.role === 'assistant' && (
                <div className="tools">
                  {/* The message's id is the server's, since the server put it into the stream. */}
                  <sayso-thumbs target={message.id} session={id} disabled={busy && isLast} />
                  {isLast && !busy && <button onClick={() => regenerate()}>Try again</button>}
                </div>
              )}
            </li>
          );
        })}
      </ol>
      <Ask busy={busy} ask={(text) => sendMessage({ text })} />
    </main>
  );
}

function Ask({ busy, ask }: { busy: boolean; ask: (text: string) => void }) {
  const [text, setText] = useState('');
  return (
    <form
      className="ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (!text.trim() || busy) return;
        ask(text);
        setText('');
      }}
    >
      <input aria-label="Your question" value={text} onChange={(event) => setText(event.target.value)} />
      <button disabled={busy}>Ask</button>
    </form>
  );
}

const textOf = ({ parts }: UIMessage) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
