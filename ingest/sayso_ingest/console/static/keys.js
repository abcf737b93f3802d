// Keys of a page in which people work: each presses, or goes to, what says so in its aria-keyshortcuts, where several
// stand side by side. Without this script the buttons and links do.

const WRITES = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const LEADS_ON = "a[href], button[type=submit]";

/** What a key stands for, if the page has it. */
const meantBy = (key) =>
  [...document.querySelectorAll("[aria-keyshortcuts]")].find((one) =>
    one.getAttribute("aria-keyshortcuts").toLowerCase().split(" ").includes(key.toLowerCase()),
  );

let pressed = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || pressed) return;
  if (event.target instanceof Element && event.target.closest(WRITES)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const one = meantBy(event.key);
  if (!one) return;
  event.preventDefault();
  if (one.matches(WRITES)) {
    one.focus();
    return;
  }
  pressed = one.matches(LEADS_ON); // one key is one turn, also while the next page is on its way
  one.click();
});

// A page that the browser kept and brings back takes keys again.
addEventListener("pageshow", () => {
  pressed = false;
});
