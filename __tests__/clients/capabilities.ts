/** The languages of the clients that are tried on the local Service Bus, each by Microsoft's unmodified library. */
export const CLIENTS = ["node", "python", "go", "java"] as const;
export type ClientLanguage = (typeof CLIENTS)[number];

export interface Capability {
  /** As the programs beside this file call it. */
  readonly id: string;
  readonly title: string;
  /** Why a library cannot do it. @default every library can */
  readonly lacking?: Readonly<Partial<Record<ClientLanguage, string>>>;
}

/** What clients do with Service Bus. Each program does all of it that its library can. */
export const CAPABILITIES: readonly Capability[] = [
  { id: "send", title: "send, alone and as a batch, with application properties" },
  { id: "settle", title: "receive and complete, abandon, defer, dead-letter; receive what was deferred" },
  { id: "dead-letters", title: "receive dead letters, with reason and description" },
  { id: "receive-and-delete", title: "receive and delete" },
  { id: "renew", title: "renew a lock" },
  { id: "peek", title: "peek" },
  { id: "schedule", title: "schedule and cancel" },
  { id: "sessions", title: "sessions: a named one, the next one, state, renewal" },
  { id: "topics", title: "topics and subscriptions" },
  { id: "not-found", title: "an entity that is not there is an error" },
  { id: "too-large", title: "a message that is too large is an error" },
  { id: "forwarding", title: "an entity that forwards has no receivers" },
  { id: "administration", title: "the management API: a queue made, shown with its counts, deleted" },
  { id: "web-socket", title: "AMQP over WebSocket" },
  {
    id: "rules",
    title: "rules at run time, over AMQP",
    lacking: { python: "its library has the management API alone", go: "its library has the management API alone" },
  },
  {
    id: "list-sessions",
    title: "list sessions",
    lacking: { node: "not in its library", go: "not in its library", java: "not in its library" },
  },
  {
    id: "transactions",
    title: "transactions: commit and roll back",
    lacking: { node: "not in its library", python: "not in its library", go: "not in its library" },
  },
];

/** The ids that a language's program has to report. */
export function expectedOf(language: ClientLanguage): string[] {
  return CAPABILITIES.filter(({ lacking }) => lacking?.[language] === undefined).map(({ id }) => id);
}
