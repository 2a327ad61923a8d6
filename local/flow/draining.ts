import { setTimeout as pause } from "node:timers/promises";
import { consumerSources, sourceName } from "../../functions/consumer/sources";
import type { DeployedStamp } from "../azure/deployed-stamp";
import type { Observing } from "./observing";
import type { StampApps } from "./stamp-apps";

const POLL_MS = 50;

/** Waiting for what a stamp's consumers do. */
export class Draining {
  constructor(
    private readonly stamp: DeployedStamp,
    private readonly apps: StampApps,
    private readonly observing: Observing,
  ) {}

  /**
   * Waits until every accepted message is processed or dead-lettered, and no consumer holds one: what was processed and not settled is delivered again.
   *
   * @returns whether that happened in time
   */
  async drained(timeoutMs: number, except: ReadonlySet<string> = new Set()): Promise<boolean> {
    const until = Date.now() + timeoutMs;
    while (!this.observing.isDrained(except)) {
      if (Date.now() > until) return false;
      await pause(POLL_MS);
    }
    return true;
  }

  /**
   * Waits until a condition holds.
   *
   * @param what the condition, in words
   * @throws Error where it does not hold in time
   */
  async until(what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`This did not happen within ${timeoutMs / 1000} s: ${what}.`);
      await pause(1);
    }
  }

  /** Waits until every instance of a region's consumers has a receiver everywhere: from then on they share the messages. */
  async consumersListen(region: string, timeoutMs = 60_000): Promise<void> {
    const namespace = this.stamp.namespaces.find(({ location }) => location === region);
    if (!namespace) return;
    const taken = this.observing.taken(namespace.name).filter(({ requiresSession }) => !requiresSession);
    for (const { app, instances } of this.apps.consumersIn(region)) {
      const own = new Set(consumerSources(app.settings).map(sourceName));
      await this.until(
        `every instance of ${app.name} receives`,
        () => taken.every(({ source, queue }) => !own.has(source) || queue.receivers >= instances.length),
        timeoutMs,
      );
    }
  }
}
