/** What a namespace's entities are declared to be. Times in milliseconds, sizes in bytes. */
export interface EntityDefinitions {
  readonly queues: readonly QueueDefinition[];
  readonly topics: readonly TopicDefinition[];
}

/** What only Resource Manager shows of an entity, in its own words: nothing that serves messages looks at it. */
export type Shown = Readonly<Record<string, boolean | string>>;

export interface QueueSettings {
  readonly status: "Active" | "Disabled" | "ReceiveDisabled" | "SendDisabled";
  readonly lockDurationMs: number;
  readonly maxDeliveryCount: number;
  readonly maxSizeBytes: number;
  readonly maxMessageBytes: number;
  /** `Infinity`: it stays. */
  readonly timeToLiveMs: number;
  readonly deadLetterOnExpiration: boolean;
  /** None: duplicates are taken. */
  readonly duplicateWindowMs?: number;
  readonly requiresSession: boolean;
  readonly forwardTo?: string;
  readonly forwardDeadLetteredTo?: string;
  readonly shown?: Shown;
}

export interface QueueDefinition extends QueueSettings {
  readonly name: string;
}

export interface TopicDefinition {
  readonly name: string;
  readonly status: QueueSettings["status"];
  readonly maxSizeBytes: number;
  readonly maxMessageBytes: number;
  readonly timeToLiveMs: number;
  readonly duplicateWindowMs?: number;
  readonly shown?: Shown;
  readonly subscriptions: readonly SubscriptionDefinition[];
}

export interface SubscriptionDefinition extends QueueSettings {
  readonly name: string;
  readonly deadLetterOnFilterError: boolean;
  /** None: every message of the topic, unless it lacks the default. */
  readonly rules: readonly RuleDefinition[];
  /** Whether its rules were changed at run time: then it has those alone, and perhaps none. @default false */
  readonly lacksDefault?: boolean;
}

export interface RuleDefinition {
  readonly name: string;
  readonly sqlFilter?: string;
  readonly correlationFilter?: CorrelationFilter;
  readonly action?: string;
  /** The values of `@name` in the SQL. */
  readonly filterParameters?: Parameters;
  readonly actionParameters?: Parameters;
}

export type Parameters = Readonly<Record<string, string | number | boolean | Date>>;

/** Properties that must be equal, all of them. */
export interface CorrelationFilter {
  readonly contentType?: string;
  readonly correlationId?: string;
  readonly label?: string;
  readonly messageId?: string;
  readonly replyTo?: string;
  readonly replyToSessionId?: string;
  readonly sessionId?: string;
  readonly to?: string;
  readonly properties?: Parameters;
}
