/**
 * The script tag: registers the elements, takes the key from its own attributes, starts to send, and leaves
 * `sayso` to the page for the rest.
 */
import { SaysoComment } from './elements/comment.js';
import { configure } from './elements/page.js';
import { registerStrings } from './elements/strings.js';
import { SaysoSuggestion } from './elements/suggestion.js';
import { SaysoThumbs } from './elements/thumbs.js';

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
const { key, url, lang } = script?.dataset ?? {};

/** @type {any} what the page finds as `sayso` */
const page = {
  registerStrings,
  configure: (/** @type {Parameters<typeof configure>[0]} */ options) => (page.client = configure(options)),
};

// A second copy leaves everything to the first. The client comes before the elements, so that each is drawn once.
if (!customElements.get(SaysoThumbs.tag)) {
  Object.assign(globalThis, { sayso: page });
  if (script && key) page.configure({ key, url: url ?? new URL(script.src).origin, lang });
}
if (SaysoThumbs.define()) {
  SaysoComment.define();
  SaysoSuggestion.define();
}
