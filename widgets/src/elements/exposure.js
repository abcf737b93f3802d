/**
 * Notices that an element was really seen: half of it, for a second, in a tab that is in front.
 */

const SEEN_MS = 1000;

/** @typedef {(visible_ms: number) => void} Seen is called once, with how long that was at least */

/** @type {Map<Element, {seen: Seen, visible?: boolean, timer?: ReturnType<typeof setTimeout>}>} */
const waiting = new Map();

/** @type {IntersectionObserver | undefined} one for all elements */
let observer;

/** @param {Element} element @param {Seen} seen */
export function watch(element, seen) {
  observer ??= observe();
  unwatch(element);
  waiting.set(element, { seen });
  observer.observe(element);
}

/** @param {Element} element */
export function unwatch(element) {
  clearTimeout(waiting.get(element)?.timer);
  waiting.delete(element);
  observer?.unobserve(element);
}

function observe() {
  document.addEventListener('visibilitychange', () => {
    for (const element of waiting.keys()) restart(element);
  });
  return new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, intersectionRatio } of entries) {
        const one = waiting.get(target);
        if (!one) continue;
        one.visible = isIntersecting && intersectionRatio >= 0.5;
        restart(target);
      }
    },
    { threshold: 0.5 },
  );
}

/** @param {Element} element */
function restart(element) {
  const one = waiting.get(element);
  clearTimeout(one?.timer);
  if (!one?.visible || document.hidden) return;
  one.timer = setTimeout(() => {
    unwatch(element);
    one.seen(SEEN_MS);
  }, SEEN_MS);
}
