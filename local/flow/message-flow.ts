import { Failure } from "../../failure";
import { type DeployedStamp, stampsIn } from "../azure/deployed-stamp";
import type { LocalAzure } from "../local-azure";
import { Draining } from "./draining";
import { Observing } from "./observing";
import { Posting } from "./posting";
import { StampApps } from "./stamp-apps";

/** One stamp's messages, from its producers' clients to its consumers: posting, draining, observing. */
export class MessageFlow {
  readonly apps: StampApps;
  readonly posting: Posting;
  readonly observing: Observing;
  readonly draining: Draining;

  constructor(
    readonly local: LocalAzure,
    /** As it is now: it keeps its first primary and secondary through a failover. */
    readonly stamp: DeployedStamp,
    /** What the ids start with. */
    prefix = "message",
  ) {
    this.apps = new StampApps(local, stamp);
    this.posting = new Posting(local, stamp, this.apps, prefix);
    this.observing = new Observing(local, stamp, this.apps, this.posting.posted);
    this.draining = new Draining(stamp, this.apps, this.observing);
  }

  /** The flow of the only stamp. @throws Failure where there is none; Error where there are several */
  static ofOnlyStamp(local: LocalAzure, prefix?: string): MessageFlow {
    const [stamp, another] = stampsIn(local.azure);
    if (!stamp) throw new Failure("The stacks declare no Service Bus namespace: there is nothing to run.");
    if (another) throw new Error(`There are several stamps: ${stamp.name}, ${another.name}, …`);
    return new MessageFlow(local, stamp, prefix);
  }

  get primary() {
    return this.stamp.primary;
  }

  get secondary() {
    return this.stamp.secondary;
  }
}
