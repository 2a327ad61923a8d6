import { randomUUID } from "node:crypto";
import type { Body } from "../../azure/document";
import { ArmFault } from "./fault";

/** Keeps a write open, so that what comes too early shows. */
export interface Hold {
  /** Which resources, by their ids. */
  readonly matches: (id: string) => boolean;
  /** How long, in milliseconds; none: until it is released. */
  readonly milliseconds?: number;
  /** Whether deletions are held too. @default true */
  readonly deletions?: boolean;
}

interface Operation {
  status: "InProgress" | "Succeeded" | "Failed";
  /** What it ended with, where it failed. */
  error?: ArmFault;
  /** What its `Location` answers with, once it has ended. */
  readonly result: () => Body | undefined;
}

/** Long-running operations (learn.microsoft.com/azure/azure-resource-manager/management/async-operations). */
export class Operations {
  private readonly operations = new Map<string, Operation>();
  private readonly holds = new Set<Hold>();
  private readonly held = new Map<Hold, (() => void)[]>();
  private readonly timers = new Set<NodeJS.Timeout>();

  /** @returns how to let go what it holds */
  hold(hold: Hold): () => void {
    this.holds.add(hold);
    return () => {
      this.holds.delete(hold);
      for (const end of this.held.get(hold) ?? []) end();
      this.held.delete(hold);
    };
  }

  /**
   * Begins an operation, which ends at once where nothing holds it.
   *
   * @param end what happens at its end
   * @param result what its `Location` answers with then; nothing: it was a deletion
   * @returns its name, and whether it goes on
   */
  begin(id: string, end: () => void, result?: () => Body | undefined): { name: string; open: boolean } {
    const name = randomUUID();
    const operation: Operation = { status: "InProgress", result: result ?? (() => undefined) };
    this.operations.set(name, operation);
    const finish = () => {
      try {
        end();
        operation.status = "Succeeded";
      } catch (error) {
        // What fails at once is the answer; what fails later is the operation's.
        if (!held || !(error instanceof ArmFault)) throw error;
        operation.status = "Failed";
        operation.error = error;
      }
    };
    const hold = [...this.holds].find(
      ({ matches, deletions = true }) => matches(id) && (deletions || result !== undefined),
    );
    const held = hold !== undefined;
    if (!hold) finish();
    else if (hold.milliseconds === undefined) this.held.set(hold, [...(this.held.get(hold) ?? []), finish]);
    else {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        finish();
      }, hold.milliseconds);
      this.timers.add(timer);
    }
    return { name, open: operation.status === "InProgress" };
  }

  get(name: string): Operation | undefined {
    return this.operations.get(name);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }
}
