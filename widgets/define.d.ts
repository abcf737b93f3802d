/** The elements and their events, as the DOM's own types know them once an element is defined. */
import type { SaysoComment } from './package/types/elements/comment.js';
import type { SaysoSuggestion } from './package/types/elements/suggestion.js';
import type { SaysoThumbs } from './package/types/elements/thumbs.js';
import type { Told } from './src/told.js';

/** What the elements have for each attribute without being written out in their classes. */
interface Mirrored {
  target: string;
  part: string;
  name: string;
  actor: string;
  session: string;
  token: string;
  label: string;
  disabled: boolean;
  readonly: boolean;
  noExposure: boolean;
  /** Sent with each event as `meta`. */
  context?: Record<string, unknown>;
}

type Reasons = string | (string | { id: string; label: string })[];

declare global {
  interface HTMLElementTagNameMap {
    'sayso-thumbs': Omit<SaysoThumbs, 'reasons' | 'upReasons'> & Mirrored & { reasons: Reasons; upReasons: Reasons; locked: boolean };
    'sayso-suggestion': Omit<SaysoSuggestion, 'reasons'> & Mirrored & { reasons: Reasons };
    'sayso-comment': SaysoComment & Mirrored & { required: boolean; placeholder: string };
  }
  interface HTMLElementEventMap extends Told {}
  interface DocumentEventMap extends Told {}
}
