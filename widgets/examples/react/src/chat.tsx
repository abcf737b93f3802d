import { useEffect, useState, type FormEvent } from 'react';
import type {} from 'sayso-widgets/react';
import { ask, load, question, save, type Message } from '../../shared/chat.js';

const REASONS = [
  { id: 'wrong', label: 'Not correct' },
  { id: 'unclear', label: 'Hard to follow' },
  { id: 'beside', label: 'Not what I asked' },
];

export function Chat() {
  const [messages, setMessages] = useState<Message[]>(load);
  const [said, setSaid] = useState('');
  const [title, setTitle] = useState('Help desk');
  const [asked, answer] = messages.slice(-2);
  const busy = answer?.done === false;
  useEffect(() => save(messages), [messages]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const text = String(new FormData(form).get('question')).trim();
    if (!text || busy) return;
    form.reset();
    const before = [...messages, question(text)];
    setMessages(before);
    await ask(text, (answer) => setMessages([...before, answer]));
  }

  return (
    <main className="chat">
      <header>
        <h1>{title}</h1>
        <p role="status">{said || 'Ask about refunds, delivery or your account.'}</p>
      </header>
      <ol className="messages" aria-live="polite">
        {messages.map(({ id, role, text, done }) => (
          <li key={id} className={role}>
            <p>{text}</p>
            {role === 'assistant' && (
              <div className="tools">
                <sayso-thumbs
                  target={id}
                  reasons={REASONS}
                  disabled={!done}
                  onsayso-rate={({ detail }) => setSaid(`You said: ${detail.value ?? 'nothing'}`)}
                />
              </div>
            )}
          </li>
        ))}
      </ol>
      {answer?.role === 'assistant' && answer.done && (
        <aside className="more">
          <section>
            <h2>A title for this chat</h2>
            <sayso-suggestion
              target={answer.id}
              part="title"
              original="Help desk"
              suggestion={`Help desk: ${asked.text}`}
              onsayso-accept={({ detail }) => setTitle(detail.result)}
              onsayso-edit={({ detail }) => setTitle(detail.result)}
              onsayso-undo={({ detail }) => setTitle(detail.original)}
            />
          </section>
          <sayso-comment target={answer.id} label="What should have been said?" />
        </aside>
      )}
      <form className="ask" onSubmit={submit}>
        <input name="question" aria-label="Your question" />
        <button disabled={busy}>Ask</button>
      </form>
    </main>
  );
}
