import { consumerSources } from "../../functions/consumer/sources";
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

  /** A region's producer, or that of the other region where it has consumers alone. @throws Failure where the stamp has none */
  producer(region: string): RunningApp {
    const producers = this.producers();
    const found = producers.find(({ app }) => app.location === region) ?? producers[0];
    if (!found) throw new Failure("The stacks have no producer.");
    return found;
  }

  producers(): readonly RunningApp[] {
    return this.of("producer");
  }

  /** A region's consumers. */
  consumersIn(region: string): readonly RunningApp[] {
    return this.consumers().filter(({ app }) => app.location === region);
  }

  /** The consumer of a region that takes from the most. @throws Failure where the region has none */
  consumer(region: string): RunningApp {
    const [found] = [...this.consumersIn(region)].sort(
      (one, other) => consumerSources(other.app.settings).length - consumerSources(one.app.settings).length,
    );
    if (!found) throw new Failure(`The stacks have no consumer in ${region}.`);
    return found;
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
}
