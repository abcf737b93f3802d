// Keys for the queue: 1 to 9 press the labels, s skips, u takes the last turn back. Without this script the buttons do.

const WRITES = "input, textarea, select, [contenteditable]";

/** The button that a key stands for, if the page has it. */
const buttonOf = (key) => {
  if (/^[1-9]$/.test(key)) return document.querySelectorAll("#label .labels button")[Number(key) - 1];
  const form = { s: "skip", u: "undo" }[key.toLowerCase()];
  return form && document.querySelector(`#${form} button`);
};

let pressed = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || pressed) return;
  if (event.target instanceof Element && event.target.closest(WRITES)) return;
  const button = buttonOf(event.key);
  if (!button) return;
  event.preventDefault();
  pressed = true; // one key is one turn, also while the next page is on its way
  button.click();
});

// A page that the browser kept and brings back takes keys again.
addEventListener("pageshow", () => {
  pressed = false;
});
