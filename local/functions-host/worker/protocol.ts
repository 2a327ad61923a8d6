/** Messages from a worker to the host that started it. */
export type FromWorker =
  | { readonly kind: "ready"; readonly port: number; readonly loadMs: number; readonly functions: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string };

/** Messages from the host to a worker. */
export interface ToWorker {
  /** Either to finish, or to crash once a message is processed and not settled yet. */
  readonly kind: "stop" | "crash-before-settling";
}
