import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { putHub, putServices } from "../../local/azure/existing";
import { stampsIn } from "../../local/azure/deployed-stamp";
import { MessageFlow } from "../../local/flow/message-flow";
import { LocalAzure } from "../../local/local-azure";
import { credentialFrom } from "../../operator/credential";
import { ResourceManagerClient } from "../../operator/resource-manager";
import type { Artifacts } from "../../packaging/package-functions";
import { synthesize } from "../../synthesize";
import { readCdktfOut, type SynthesizedStack } from "../../synthesized/cdktf-out";
import { existingHubsIn } from "../../synthesized/views/existing-hub";
import { foreignTargetsIn } from "../../synthesized/views/private-endpoint";
import { Failure } from "../../failure";
import type { Topology } from "../../topology/schema";
import { localEnvironment, REHEARSAL_SUBSCRIPTION, withoutSignIn } from "./terraform-environment";
import { BEFORE, withOwners } from "./owners";
import { reversed, runInOrder } from "./run-in-order";
import { type PlannedChange, StackRun } from "./stack-run";
import { checkTerraform } from "../terraform";

export interface RehearsalProps {
  readonly topology: Topology;
  /** Where everything is: the stacks, their states, the packages, the logs. */
  readonly folder: string;
  /** Which stacks, together with those before them. @default all */
  readonly select?: (stacks: readonly SynthesizedStack[]) => readonly SynthesizedStack[];
  /** One stack after another. @default false */
  readonly serially?: boolean;
  /** Called with what is done, stack by stack. */
  readonly say?: (what: string) => void;
}

/** What is deployed instead of what was before. */
export interface PrepareOptions {
  /** @default the rehearsal's own */
  readonly topology?: Topology;
  /** @default the functions as they are */
  readonly artifacts?: Artifacts;
  /** Looks at all that was synthesized; throws where Terraform must not see it. @default no check */
  readonly check?: (synthesized: { stacks: readonly SynthesizedStack[]; topology: Topology }) => void;
  /** Changes what was synthesized, before Terraform sees it. */
  readonly edit?: (outdir: string) => void;
}

/** A deployment to a local Azure by the real Terraform: its phases, in the order in which they make sense. */
export class Rehearsal {
  private runs: StackRun[] = [];

  /** The operator's own client, signed in as Terraform is. */
  private readonly operator: ResourceManagerClient;

  private constructor(
    private readonly props: RehearsalProps,
    readonly local: LocalAzure,
    /** The variables by which the operator's programs deploy to the local Azure. */
    readonly environment: Readonly<Record<string, string>>,
  ) {
    const { origin } = local.resourceManager;
    const cloud = { resourceManager: origin, login: origin };
    const tls = { ca: readFileSync(local.authorityPath) };
    this.operator = new ResourceManagerClient({ cloud, credential: credentialFrom(environment, origin, tls), tls });
  }

  /** Starts the local Azure, empty. @throws Failure where there is no Terraform */
  static async start(props: RehearsalProps): Promise<Rehearsal> {
    checkTerraform();
    const { folder } = props;
    // A site's endpoint is not usable at once in Azure: the publisher has to retry.
    const local = await LocalAzure.start({ folder: join(folder, "azure"), endpointMs: 1_500 });
    try {
      return new Rehearsal(props, local, localEnvironment(local.resourceManager, local.authorityPath, folder));
    } catch (error) {
      await local.stop();
      throw error;
    }
  }

  get stacks(): readonly StackRun[] {
    return this.runs;
  }

  /** Where it is synthesized to; the states are beside it. */
  get outdir(): string {
    return join(this.props.folder, "cdktf.out");
  }

  /** The topology without a backend, for commands by hand. */
  get topologyPath(): string {
    return join(this.props.folder, "topology.json");
  }

  /** Synthesizes into the rehearsal's folder, and has Terraform fetch its providers. @returns the stacks that are taken through it */
  async prepare({
    topology = this.props.topology,
    artifacts,
    check = () => undefined,
    edit = () => undefined,
  }: PrepareOptions = {}): Promise<readonly SynthesizedStack[]> {
    const { select = (stacks: readonly SynthesizedStack[]) => stacks, say = () => undefined } = this.props;
    const { backend: _theirs, ...rest } = topology;
    writeFileSync(this.topologyPath, JSON.stringify(rest));
    const { outdir, stacks: synthesized } = synthesize({
      topology: rest,
      subscription: REHEARSAL_SUBSCRIPTION,
      outdir: this.outdir,
      artifacts,
    });
    check({ stacks: synthesized, topology: rest });
    edit(outdir);
    // Read again: what was synthesized may have been edited.
    const stacks = withOwners(select(readCdktfOut(outdir)), join(this.props.folder, "owners"));
    const times = new Map(this.runs.map(({ name, times: known }) => [name, known]));
    this.runs = stacks.map((stack) => {
      const run: StackRun = new StackRun({
        stack,
        environment: { ...withoutSignIn(process.env), ...this.environment },
        // Line by line it would be a long list.
        ...(process.stdout.isTTY
          ? {
              progress: (done: number) => {
                say(`${stack.name}: ${done} of ${run.planned}`);
              },
            }
          : {}),
      });
      Object.assign(run.times, times.get(stack.name));
      return run;
    });
    // One after another: they share a plugin cache. Only this step talks to a registry, with the user's own certificates.
    for (const run of this.runs) await run.init({ ...withoutSignIn(process.env), CHECKPOINT_DISABLE: "1" });
    return stacks;
  }

  /** @throws StackFailed */
  async validate(): Promise<void> {
    await this.each((run) => run.validate(), false);
  }

  /**
   * Plans and applies each stack, then plans it again.
   *
   * @param only the names of those to deploy; none: all
   * @returns what the second plans would change: nothing, if all is well
   * @throws StackFailed
   */
  async deploy(only?: readonly string[]): Promise<ReadonlyMap<string, readonly PlannedChange[]>> {
    const left = new Map<string, readonly PlannedChange[]>();
    await this.each(async (run) => {
      if (only && !only.includes(run.name)) return;
      await run.plan();
      await run.apply();
      if (run.name === BEFORE) this.putOthers();
      const changes = await run.replan();
      if (changes.length > 0) left.set(run.name, changes);
      this.props.say?.(`${run.name}: applied`);
    });
    return left;
  }

  /** What others have that Terraform need not make: the hubs' DNS servers and filters, and services that endpoints lead to. */
  private putOthers(): void {
    const { azure } = this.local;
    const stacks = readCdktfOut(this.outdir);
    azure.change(() => {
      for (const hub of existingHubsIn(stacks)) putHub(azure, hub);
      putServices(azure, stacks);
    });
  }

  /** What each stack would change now. */
  async plan(): Promise<ReadonlyMap<string, readonly PlannedChange[]>> {
    const plans = new Map<string, readonly PlannedChange[]>();
    await this.each(async (run) => {
      plans.set(run.name, await run.replan());
    });
    return plans;
  }

  /**
   * Applies what is planned now, where it may: the teardown's first step takes protection off and nothing else.
   *
   * @throws Error where more would change
   */
  async unprotect(topology = this.props.topology): Promise<void> {
    await this.prepare({ topology: unprotected(topology) });
    await this.each(async (run) => {
      const changes = await run.plan();
      const others = changes.filter(({ address }) => !address.startsWith("azurerm_management_lock."));
      if (others.length > 0) {
        const listed = others.map(({ address, action }) => `${action} ${address}`).join(", ");
        throw new Error(`${run.name}: taking protection off would change more than locks: ${listed}.`);
      }
      await run.apply();
    });
  }

  /** Fails every alias over as an operator would: asked of the secondary, one way. @throws Failure where there is no pair */
  async failOver(): Promise<void> {
    const paired = this.local.azure.aliases().filter(({ partnerId }) => partnerId !== undefined);
    if (paired.length === 0) throw new Failure("The topology has no paired regions: there is nothing to fail over.");
    for (const { alias, partnerId = "" } of paired) await this.manageAlias("POST", partnerId, alias, "/failover");
  }

  /**
   * Removes what stops a teardown after a failover: locks, and each alias, which is the new primary's, while Terraform's state knows only the old one's.
   * Protection is removed without an apply, which would pair again.
   */
  async giveUpAlias(): Promise<void> {
    const locks = this.local.resourceManager.resources().filter((id) => id.includes("/Microsoft.Authorization/locks/"));
    for (const lock of locks) await this.operator.request("DELETE", `${lock}?api-version=2020-05-01`);
    for (const { alias, primaryId } of this.local.azure.aliases()) await this.manageAlias("DELETE", primaryId, alias);
    await this.prepare({ topology: unprotected(this.props.topology) });
  }

  /** Deletes a namespace that Terraform no longer knows, as an operator does by hand. */
  async deleteNamespace(id: string): Promise<void> {
    await this.operator.request("DELETE", `${id}?api-version=2024-01-01`);
  }

  private async manageAlias(method: "POST" | "DELETE", namespaceId: string, alias: string, action = ""): Promise<void> {
    const path = `${namespaceId}/disasterRecoveryConfigs/${alias}${action}`;
    await this.operator.request(method, `${path}?api-version=2024-01-01`);
  }

  /** Destroys from the last stack to the first. @returns the ids of what is left in the local Azure, which should be none */
  async destroy(): Promise<readonly string[]> {
    await runInOrder(
      reversed(this.runs.map((run) => ({ name: run.name, dependencies: run.dependencies, run }))),
      async ({ run }) => {
        await run.destroy();
        this.props.say?.(`${run.name}: destroyed`);
      },
      this.props.serially,
    );
    const held = await Promise.all(this.runs.map((run) => run.held()));
    // Services of the user's own were there before.
    const services = foreignTargetsIn(readCdktfOut(this.outdir));
    const left = this.local.resourceManager.resources().filter((id) => !services.includes(id.toLowerCase()));
    return [...left, ...held.flat()];
  }

  /**
   * Posts a message to each region's producer of each stamp, and waits until all are processed.
   *
   * @returns where they were processed, by the region they were posted in
   * @throws Error where one is not processed in time
   */
  async postOne(prefix: string): Promise<readonly { readonly from: string; readonly in: string }[]> {
    await this.local.host.settled();
    const found: { from: string; in: string }[] = [];
    const stamps = stampsIn(this.local.azure);
    for (const stamp of stamps) {
      // With several stamps, a region's name alone does not identify the stamp.
      const named = (region: string) => (stamps.length > 1 ? `${region} (${stamp.name})` : region);
      const { apps, posting, observing, draining } = new MessageFlow(this.local, stamp, prefix);
      const producers = apps.producers().map(({ app }) => app.location);
      await draining.consumersListen(stamp.primary.location);
      const [entity] = posting.entities();
      for (const region of producers.sort()) {
        const before = observing.processed().length;
        await posting.post({ count: 1, batch: 1, region, entities: entity ? [entity] : [] });
        if (!(await draining.drained(PROCESS_MS)))
          throw new Error(`A message posted in ${named(region)} was not processed.`);
        for (const record of observing.processed().slice(before)) {
          found.push({ from: named(region), in: named(record.region) });
        }
      }
    }
    return found;
  }

  /** Ends what Terraform does, in its own time. */
  interrupt(): void {
    for (const run of this.runs) run.interrupt();
  }

  /** When no Terraform is running. */
  async ended(): Promise<void> {
    await Promise.all(this.runs.map((run) => run.ended()));
  }

  async stop(): Promise<void> {
    await this.local.stop();
  }

  private async each(work: (run: StackRun) => Promise<void>, ordered = true): Promise<void> {
    const items = this.runs.map((run) => ({
      name: run.name,
      dependencies: ordered ? run.dependencies : [],
      run,
    }));
    await runInOrder(items, ({ run }) => work(run), this.props.serially);
  }
}

const PROCESS_MS = 60_000;

function unprotected(topology: Topology): Topology {
  const stamps = topology.stamps.map((stamp) => ({
    ...stamp,
    protection: { ...stamp.protection, preventDestroy: false, locks: false },
  }));
  return { ...topology, stamps };
}
