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
export type ToWorker =
  /** To finish what is under way, for so long at most. In milliseconds. */
  | { readonly kind: "stop"; readonly finishMs: number }
  /** To crash once a message is processed and not settled yet. */
  | { readonly kind: "crash-before-settling" };
