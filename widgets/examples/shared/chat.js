/** What the page of each small example does: asks, reads the answer as it comes, and keeps the chat for a reload. */

/**
 * @typedef {{id: string, role: 'user' | 'assistant', text: string, done: boolean}} Message
 */

/** @returns {Message[]} */
export const load = () => JSON.parse(sessionStorage.getItem('chat') ?? '[]');

/** @param {Message[]} messages */
export const save = (messages) => sessionStorage.setItem('chat', JSON.stringify(messages.filter(({ done }) => done)));

/** @param {string} text @returns {Message} */
export const question = (text) => ({ id: crypto.randomUUID(), role: 'user', text, done: true });

/**
 * Ask the back end. The answer's id is the back end's: it comes before the first word, and never changes.
 * @param {string} text
 * @param {(answer: Message) => void} show is called with the answer so far
 */
export async function ask(text, show) {
  const response = await fetch('/api/ask', { method: 'POST', body: text });
  const id = response.headers.get('Answer-Id');
  if (!response.ok || !id || !response.body) throw new Error(`The back end answered ${response.status}.`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let said = ''; ; ) {
    const { value = '', done } = await reader.read();
    said += value;
    show({ id, role: 'assistant', text: said, done });
    if (done) return;
  }
}
