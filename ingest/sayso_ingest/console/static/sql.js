// Ctrl and Enter runs what is typed; while an answer is awaited, it can be cancelled. Without this script the button
// runs it, and its time limit ends it.

const ask = document.querySelector('#ask');
const cancel = document.querySelector('#cancel');

/** Names the question in a cookie that lives as long as it takes to send it: so the address can be shared. */
const name = (asked, seconds) => {
  document.cookie = `sayso_asked=${asked}; path=${ask.getAttribute('action')}; max-age=${seconds}; samesite=strict`;
};

const end = () => fetch(cancel.action, { method: 'POST', body: new FormData(cancel) });

ask.addEventListener('submit', () => {
  if (!cancel.hidden) end(); // whoever asks again wants no answer to what was asked before
  cancel.elements.asked.value = String(crypto.getRandomValues(new BigUint64Array(1))[0]);
  name(cancel.elements.asked.value, 5);
  cancel.hidden = false;
});

cancel.addEventListener('submit', (event) => {
  event.preventDefault(); // the answer that says so is on its way already
  end();
});

document.querySelector('#question').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  ask.requestSubmit();
});

// A page that the browser kept and brings back waits for nothing.
addEventListener('pageshow', () => {
  cancel.hidden = true;
  name('', 0);
});
