/** A function of an app. */
export interface RunningFunction {
  readonly name: string;
  /** The queue or `topic/subscription` that it takes from. @default none: it has another trigger */
  readonly source?: string;
}

/** Messages from a worker to the host that started it. */
export type FromWorker =
  | {
      readonly kind: "ready";
      readonly port: number;
      readonly loadMs: number;
      readonly functions: readonly RunningFunction[];
      /** Where a debugger connects, if the worker listens to one. */
      readonly inspector?: string;
    }
  | { readonly kind: "failed"; readonly reason: string };

/** Messages from the host to a worker. */
export interface ToWorker {
  /** Either to finish, or to crash once a message is processed and not settled yet. */
  readonly kind: "stop" | "crash-before-settling";
}
