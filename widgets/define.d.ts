/** The elements and their events, as the DOM's own types know them once an element is defined. */
import type { SaysoComment } from './package/types/elements/comment.js';
import type { SaysoSuggestion } from './package/types/elements/suggestion.js';
import type { SaysoThumbs } from './package/types/elements/thumbs.js';
import type { Told } from './src/told.js';

declare global {
  interface HTMLElementTagNameMap {
    'sayso-thumbs': SaysoThumbs;
    'sayso-suggestion': SaysoSuggestion;
    'sayso-comment': SaysoComment;
  }
  interface HTMLElementEventMap extends Told {}
  interface DocumentEventMap extends Told {}
}
