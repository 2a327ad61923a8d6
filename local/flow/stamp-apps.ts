import { UsageError } from "../../usage-error";
import { type AppKind, kindOf } from "../azure/app-kind";
import { type DeployedStamp, isInStamp } from "../azure/deployed-stamp";
import type { RunningApp } from "../functions-host/host";
import type { LocalAzure } from "../local-azure";

/** The apps of a stamp that run. */
export class StampApps {
  constructor(
    private readonly local: LocalAzure,
    private readonly stamp: DeployedStamp,
  ) {}

  /** @throws UsageError where the region has none */
  producer(region: string): RunningApp {
    return this.one("producer", region);
  }

  /** @throws UsageError where the region has none */
  consumer(region: string): RunningApp {
    return this.one("consumer", region);
  }

  consumers(): readonly RunningApp[] {
    return this.all("consumer");
  }

  private all(kind: AppKind): readonly RunningApp[] {
    return this.local.host.apps.filter(({ app }) => isInStamp(this.stamp, app) && kindOf(app) === kind);
  }

  private one(kind: AppKind, region: string): RunningApp {
    const found = this.all(kind).find(({ app }) => app.location === region);
    if (!found) throw new UsageError(`The stacks have no ${kind} in ${region}.`);
    return found;
  }
}
