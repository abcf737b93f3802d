/** What the elements tell the page, by the names of the events. The elements' own calls are checked against it. */

export type Verdict = 'up' | 'down' | null;
type Decision = 'pending' | 'accepted' | 'edited' | 'rejected';

/** An event as it goes to the collector. */
export interface WireEvent {
  id: string;
  kind: string;
  target: string;
  body: Record<string, unknown>;
  [field: string]: unknown;
}

/** An empty text where the element has no such attribute. */
interface About {
  target: string;
  part: string;
}
interface AboutName extends About {
  name: string;
}
interface AboutActor extends About {
  actor: string;
}
interface Outcome<Event = WireEvent> {
  event: Event;
  reason?: string;
  message?: string;
  detail?: unknown;
  /** Whether it will be tried again. */
  kept?: boolean;
}
interface Change extends AboutActor {
  original: string;
  suggestion: string;
  /** The text that should stand in the page. */
  result: string;
  previous: Decision;
  /** How long it stood there as it was before: milliseconds. */
  ms: number;
  /** Have the change wait for a host that applies it in its own time. */
  waitUntil(applied: Promise<unknown>): void;
}

export interface Told {
  'sayso-rate': CustomEvent<AboutName & { value: Verdict; previous: Verdict }>;
  /** A suggestion says nothing but its reasons. */
  'sayso-detail': CustomEvent<About & { reasons: string[]; value?: Verdict; comment?: string }>;
  'sayso-open': CustomEvent<AboutActor>;
  'sayso-close': CustomEvent<AboutActor>;
  'sayso-accept': CustomEvent<Change>;
  'sayso-edit': CustomEvent<Change>;
  'sayso-reject': CustomEvent<Change>;
  'sayso-undo': CustomEvent<Change>;
  'sayso-comment': CustomEvent<AboutName & { text: string; category: string }>;
  'sayso-feedback': CustomEvent<WireEvent>;
  'sayso-exposure': CustomEvent<WireEvent>;
  'sayso-sent': CustomEvent<Outcome>;
  'sayso-queued': CustomEvent<Outcome>;
  /** Its event may be one that could not be made. */
  'sayso-error': CustomEvent<Outcome<Partial<WireEvent>>>;
}
