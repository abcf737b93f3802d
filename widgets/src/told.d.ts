/** What the elements tell the page, by the names of the events. */

export type Verdict = 'up' | 'down' | null;

/** An event as it goes to the collector. */
export interface WireEvent {
  id: string;
  kind: string;
  target: string;
  body: Record<string, unknown>;
  [field: string]: unknown;
}

interface About {
  target: string;
  part: string;
  name?: string;
}
interface Outcome {
  event: WireEvent;
  reason?: string;
  message?: string;
  detail?: unknown;
  /** Whether it will be tried again. */
  kept?: boolean;
}
interface Change extends About {
  original: string;
  suggestion: string;
  result: string;
  previous: string;
  /** Have the change wait for a host that applies it in its own time. */
  waitUntil(applied: Promise<unknown>): void;
}

export interface Told {
  'sayso-rate': CustomEvent<About & { value: Verdict; previous: Verdict }>;
  'sayso-detail': CustomEvent<About & { value: Verdict; reasons: string[]; comment: string }>;
  'sayso-open': CustomEvent<About>;
  'sayso-close': CustomEvent<About>;
  'sayso-accept': CustomEvent<Change>;
  'sayso-edit': CustomEvent<Change>;
  'sayso-reject': CustomEvent<Change>;
  'sayso-undo': CustomEvent<Change>;
  'sayso-comment': CustomEvent<About & { text: string; category?: string }>;
  'sayso-feedback': CustomEvent<WireEvent>;
  'sayso-exposure': CustomEvent<WireEvent>;
  'sayso-sent': CustomEvent<Outcome>;
  'sayso-queued': CustomEvent<Outcome>;
  'sayso-error': CustomEvent<Outcome>;
}
