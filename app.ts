import { App } from "cdktf";
import type { Artifacts } from "./packaging/package-functions";
import { CodeStack } from "./stacks/code-stack";
import { GeoPairStack } from "./stacks/geo-pair-stack";
import type { StampContext } from "./stacks/guarded-stack";
import { MessagingStack } from "./stacks/messaging-stack";
import { NetworkStack } from "./stacks/network-stack";
import { WorkloadStack } from "./stacks/workload-stack";
import { ArmIds, ZERO_SUBSCRIPTION } from "./topology/arm-ids";
import type { Topology } from "./topology/schema";
import { hasPrivateMonitoring, monitoringRegion } from "./topology/zones";
import { escapedForTerraform } from "./topology/terraform-text";

export interface BuildOptions {
  readonly artifacts: Artifacts;
  /** @default the zero GUID: the stacks then refuse to plan */
  readonly subscription?: string;
  /** @default CDKTF_OUTDIR, else cdktf.out */
  readonly outdir?: string;
}

/** Which stacks there are and their order: networks and namespaces, what joins them, the apps, their code. */
export function buildApp(topology: Topology, options: BuildOptions): App {
  const { artifacts, subscription = ZERO_SUBSCRIPTION, outdir } = options;
  const app = new App({ outdir, stackTraces: false });
  const ids = new ArmIds(subscription);
  const { stamps, backend } = escapedForTerraform(topology);
  for (const stamp of stamps) {
    const context: StampContext = { stamp, backend, ids };
    const foundation = stamp.regions.flatMap((region) => [
      new NetworkStack(app, context, region),
      new MessagingStack(app, context, region),
    ]);
    const geoPair = new GeoPairStack(app, context);
    for (const stack of foundation) geoPair.addDependency(stack);
    const workloads = new Map(stamp.regions.map((region) => [region, new WorkloadStack(app, context, region)]));
    for (const [region, workload] of workloads) {
      workload.addDependency(geoPair);
      // What its apps write to joins a scope that another region's stack may make.
      const scopes = hasPrivateMonitoring(stamp) ? workloads.get(monitoringRegion(stamp, region)) : undefined;
      if (scopes && scopes !== workload) workload.addDependency(scopes);
      new CodeStack(app, context, region, artifacts).addDependency(workload);
    }
  }
  return app;
}
