// Boxes that were ticked stay ticked while somebody goes from one candidate to the next, in this tab of the browser.

const form = document.querySelector("#chosen");
const place = `sayso-chosen-${location.pathname}-${form?.dataset.set}`;
const boxes = [...(form?.querySelectorAll("input[type=checkbox]") ?? [])];
const count = document.querySelector("#count");
const every = document.querySelector("#every");

const kept = () => {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(place) ?? "[]"));
  } catch {
    return new Set(); // the browser keeps nothing for this page
  }
};

const keep = () => {
  const ticked = boxes.filter((box) => box.checked).map((box) => box.value);
  if (count) count.textContent = ticked.length ? `With the ${ticked.length} ticked:` : "With those that are ticked:";
  try {
    sessionStorage.setItem(place, JSON.stringify(ticked));
  } catch {
    // Then they last as long as the page.
  }
};

if (every) {
  const before = kept();
  for (const box of boxes) box.checked = before.has(box.value);
  keep();
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => sessionStorage.removeItem(place));
  every.hidden = false;
  every.addEventListener("click", () => {
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    keep();
  });
}
