import { Failure } from "../../failure";
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

  /** @throws Failure where the region has none */
  producer(region: string): RunningApp {
    return this.one("producer", region);
  }

  /** @throws Failure where the region has none */
  consumer(region: string): RunningApp {
    return this.one("consumer", region);
  }

  consumers(): readonly RunningApp[] {
    return this.of("consumer");
  }

  all(): readonly RunningApp[] {
    return this.local.host.apps.filter(({ app }) => isInStamp(this.stamp, app));
  }

  private of(kind: AppKind): readonly RunningApp[] {
    return this.all().filter(({ app }) => kindOf(app) === kind);
  }

  private one(kind: AppKind, region: string): RunningApp {
    const found = this.of(kind).find(({ app }) => app.location === region);
    if (!found) throw new Failure(`The stacks have no ${kind} in ${region}.`);
    return found;
  }
}
