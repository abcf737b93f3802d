/** The chat, and the table beside it. What people say about the answers is all done by the widgets. */

const chat = document.querySelector('main').dataset.chat;
const turns = document.querySelector('.turns');
const form = document.querySelector('.ask');
const POLL_MS = 1000;

/** @param {string} tag @param {{[attribute: string]: string}} attributes @param {...(Node | string)} children */
function create(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Show a question, and give the place for what is said to it. */
function begin(question) {
  const answer = create('li', { class: 'said' });
  turns.append(create('li', { class: 'asked' }, create('p', {}, question)), answer);
  answer.scrollIntoView({ block: 'nearest' });
  return answer;
}

/** Show the widget that asks about what was said. */
function finish(answer, { target, output, original }, question) {
  answer.replaceChildren();
  if (original == null) {
    answer.append(create('p', {}, output), thumbs(target, question));
    return;
  }
  answer.append(
    create('p', {}, 'Your reply, and what I would write:'),
    create('sayso-suggestion', { target, session: chat, original, suggestion: output, label: 'The friendlier reply' }),
  );
}

const thumbs = (target, question) =>
  create('sayso-thumbs', { target, session: chat, label: `Rate the answer to: ${question}` });

async function ask(question) {
  const answer = begin(question);
  const text = create('p', { 'aria-live': 'polite' });
  answer.append(text);
  const response = await fetch(`/chats/${chat}/turns`, { method: 'POST', body: question });
  let turn = {};
  let output = '';
  for await (const line of lines(response.body)) {
    if (line.target) turn = line;
    else text.textContent = output += line.text;
    text.scrollIntoView({ block: 'nearest' });
  }
  finish(answer, { ...turn, output }, question);
  answer.scrollIntoView({ block: 'nearest' });
}

async function* lines(body) {
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const all = (rest + chunk).split('\n');
    rest = all.pop();
    for (const line of all) yield JSON.parse(line);
  }
}

function askNow(question) {
  if (!question.trim()) return;
  ask(question).catch((error) => {
    turns.append(create('li', { class: 'said' }, create('p', {}, `That did not work: ${error.message}`)));
  });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  askNow(form.question.value);
  form.reset();
});
for (const button of document.querySelectorAll('.offered button'))
  button.addEventListener('click', () => {
    askNow(button.textContent);
    button.remove();
    form.question.focus();
  });

for (const button of document.querySelectorAll('.look button'))
  button.addEventListener('click', () => {
    document.documentElement.style.setProperty('color-scheme', button.dataset.look);
    for (const one of document.querySelectorAll('.look button')) one.ariaPressed = String(one === button);
  });

/** Keep the table as the published copy is. */
async function poll() {
  try {
    const { counts, latest } = await (await fetch('/landed')).json();
    show(counts ?? {}, latest);
  } catch {
    // The demo has ended, or is not there for a moment.
  }
  setTimeout(poll, document.hidden ? 5 * POLL_MS : POLL_MS);
}

let shown = '';
function show(counts, latest) {
  const now = JSON.stringify([counts, latest]);
  if (now === shown) return;
  shown = now;
  for (const cell of document.querySelectorAll('[data-count]')) cell.textContent = counts[cell.dataset.count] ?? 0;
  document.querySelector('.empty').hidden = latest.length > 0;
  document.querySelector('.scroll').hidden = !latest.length;
  const rows = latest.map(({ time, kind, said, target }) =>
    create(
      'tr',
      { class: kind },
      create('td', {}, time),
      create('td', {}, kind),
      create('td', { title: said }, said),
      create('td', { title: target }, `${target.slice(0, 4)}…${target.slice(-4)}`),
    ),
  );
  document.querySelector('tbody').replaceChildren(...rows);
}

const earlier = await (await fetch(`/chats/${chat}/turns`)).json();
for (const turn of earlier) finish(begin(turn.input), turn, turn.input);
for (const button of document.querySelectorAll('.offered button'))
  if (earlier.some(({ input }) => input === button.textContent)) button.remove();
poll();
