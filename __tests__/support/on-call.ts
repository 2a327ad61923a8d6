import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LocalAzure } from "../../local/local-azure";
import type { OperatorHostProps } from "../../local/operators/operator-host";
import { ArmIds } from "../../topology/arm-ids";
import type { Topology } from "../../topology/schema";
import { SUBSCRIPTION } from "./build";
import { freshFolder, stacksWithPackages } from "./local";
import { type CommandRun, type Ended, operatorCommand } from "./operator-command";
import { topologyWith } from "./topologies";

export interface OnCallOptions {
  /** Variables to add, or to take away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly principalId?: string;
  /** Whether the host is in no network. @default it is in the first region's workload-subnet */
  readonly isOutside?: boolean;
  /** @default the one that is deployed */
  readonly topology?: unknown;
}

/** A local Azure with the shipped apps, and a host of people on call in it. */
export class OnCallUnderTest {
  private constructor(
    readonly local: LocalAzure,
    readonly topology: Topology,
    private readonly folder: string,
  ) {}

  static async start(topology = topologyWith()): Promise<OnCallUnderTest> {
    const folder = freshFolder();
    const stacks = stacksWithPackages(topology);
    const local = await LocalAzure.start({ stacks, folder, instances: 1, telemetry: false });
    return new OnCallUnderTest(local, topology, folder);
  }

  async stop(): Promise<void> {
    await this.local.stop();
  }

  async start(command: string, args: readonly string[], options: OnCallOptions = {}): Promise<CommandRun> {
    const { environment = {}, principalId, isOutside = false, topology = this.topology } = options;
    const [region] = this.topology.stamps[0]?.regions ?? [];
    if (!region) throw new Error("The topology has no region.");
    const at: OperatorHostProps["at"] = {
      subnetId: new ArmIds(SUBSCRIPTION).subnet(region, "workloadSubnet"),
      address: "10.1.2.146",
    };
    const path = join(this.folder, "topology.json");
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(path, JSON.stringify(topology));
    return await operatorCommand({
      local: this.local,
      command,
      args,
      subscription: SUBSCRIPTION,
      folder: this.folder,
      ...(isOutside ? {} : { at }),
      ...(principalId === undefined ? {} : { principalId }),
      environment: { TOPOLOGY: path, CDKTF_OUTDIR: join(this.folder, "no-stacks"), ...environment },
    });
  }

  async run(command: string, args: readonly string[], options?: OnCallOptions): Promise<Ended> {
    return await (
      await this.start(command, args, options)
    ).ended;
  }
}
