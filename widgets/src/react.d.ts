/**
 * The elements as JSX knows them, for React 19 and what follows it: `import type {} from 'sayso-widgets/react'`,
 * once, anywhere in the project. Nothing of it is in the page.
 */
import type { ClassAttributes, HTMLAttributes } from 'react';

type Verdict = 'up' | 'down' | null;
type Listener<Detail> = (event: CustomEvent<Detail>) => void;
/** The event as it goes to the collector. */
type WireEvent = { id: string; kind: string; target: string; body: Record<string, unknown> };
type Outcome = { event: WireEvent; reason?: string; message?: string };

/** What is told by every element. React listens to what begins with `on`, in the event's own spelling. */
interface Listeners {
  'onsayso-feedback'?: Listener<WireEvent>;
  'onsayso-exposure'?: Listener<WireEvent>;
  'onsayso-sent'?: Listener<Outcome>;
  'onsayso-queued'?: Listener<Outcome>;
  'onsayso-error'?: Listener<Outcome>;
}

/** What every element takes. */
interface About {
  target: string;
  part?: string;
  name?: string;
  actor?: string;
  session?: string;
  token?: string;
  label?: string;
  disabled?: boolean;
  'no-exposure'?: boolean;
}

type Reasons = string | { id: string; label: string }[];

interface Thumbs extends About, Listeners {
  value?: Verdict;
  readonly?: boolean;
  locked?: boolean;
  comment?: 'none' | 'down' | 'up' | 'both';
  placement?: 'inline' | 'popover';
  reasons?: Reasons;
  'up-reasons'?: Reasons;
  'onsayso-rate'?: Listener<{ target: string; part: string; value: Verdict; previous: Verdict; name?: string }>;
  'onsayso-detail'?: Listener<{ value: Verdict; reasons: string[]; comment: string }>;
  'onsayso-open'?: Listener<unknown>;
  'onsayso-close'?: Listener<unknown>;
}

type Change = { original: string; suggestion: string; result: string; previous: string };

interface Suggestion extends About, Listeners {
  original?: string;
  suggestion?: string;
  state?: 'pending' | 'accepted' | 'edited' | 'rejected';
  mode?: 'preview' | 'review';
  view?: 'inline' | 'block' | 'none';
  reasons?: Reasons;
  locale?: string;
  'no-edit'?: boolean;
  'onsayso-accept'?: Listener<Change>;
  'onsayso-edit'?: Listener<Change>;
  'onsayso-reject'?: Listener<Change>;
  'onsayso-undo'?: Listener<Change>;
}

interface Comment extends About, Listeners {
  value?: string;
  placeholder?: string;
  category?: string;
  maxlength?: number;
  required?: boolean;
  'draft-key'?: string;
}

type Props<Attributes> = Omit<HTMLAttributes<HTMLElement>, keyof Attributes> & ClassAttributes<HTMLElement> & Attributes;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'sayso-thumbs': Props<Thumbs>;
      'sayso-suggestion': Props<Suggestion>;
      'sayso-comment': Props<Comment>;
    }
  }
}
