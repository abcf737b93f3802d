/**
 * The elements as JSX knows them, for React 19 and what follows it: `import type {} from 'sayso-widgets/react'`,
 * once, anywhere in the project. Nothing of it is in the page.
 */
import type { ClassAttributes, HTMLAttributes } from 'react';
import type { Told, Verdict } from './told.js';

/** React listens to what begins with `on`, in the event's own spelling. */
type Listeners = { [Name in keyof Told as `on${Name}`]?: (event: Told[Name]) => void };

/** What every element takes. */
interface About extends Listeners {
  target: string;
  part?: string;
  name?: string;
  actor?: string;
  session?: string;
  token?: string;
  label?: string;
  disabled?: boolean;
  readonly?: boolean;
  'no-exposure'?: boolean;
}

type Reasons = string | readonly (string | { id: string; label: string })[];

interface Thumbs extends About {
  value?: Verdict;
  locked?: boolean;
  comment?: 'none' | 'down' | 'up' | 'both';
  placement?: 'inline' | 'popover';
  reasons?: Reasons;
  upReasons?: Reasons;
}

interface Suggestion extends About {
  original?: string;
  suggestion?: string;
  state?: 'pending' | 'accepted' | 'edited' | 'rejected';
  mode?: 'preview' | 'review';
  view?: 'inline' | 'block' | 'none';
  reasons?: Reasons;
  locale?: string;
  'no-edit'?: boolean;
}

interface Comment extends About {
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
