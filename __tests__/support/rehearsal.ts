import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Rehearsal } from "../../ops/rehearsal/rehearsal";
import type { PlannedChange } from "../../ops/rehearsal/stack-run";
import { REHEARSAL_SUBSCRIPTION } from "../../ops/rehearsal/terraform-environment";
import { azurermOf, terraformBinary } from "../../ops/terraform";
import { ArmIds } from "../../topology/arm-ids";
import type { Topology } from "../../topology/schema";
import { build, stackNamed } from "./build";
import { type Ended, operatorCommand } from "./operator-command";
import { has, testWhere } from "./programs";
import { ON_CALL, topologyWith } from "./topologies";

/** The provider as the stacks name it: another version of its package is rehearsed with its own. */
export const AZURERM = { source: "hashicorp/azurerm", version: azurermOf(stackNamed(build(), "network-eastus2")) };

/** Why rehearsals cannot run here; nothing where they can. */
function missing(): string | undefined {
  if (!has(terraformBinary())) return `${terraformBinary()} is missing`;
  const folder = mkdtempSync(join(tmpdir(), "locked-down-azurerm-"));
  try {
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: { azurerm: AZURERM } } }),
    );
    const { status } = spawnSync(terraformBinary(), ["init", "-input=false"], { cwd: folder, stdio: "ignore" });
    return status === 0
      ? undefined
      : `azurerm ${AZURERM.version} is neither in a registry nor in a mirror that is reached`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const why = missing();

/** `test`, skipped by name where Terraform or azurerm is missing. They run side by side: azurerm mostly waits. */
export const rehearsalTest: (name: string, run: () => Promise<void>) => void =
  why === undefined
    ? (name, run) => {
        test.concurrent(name, run);
      }
    : testWhere(false, why);

/** Rehearses a topology in a folder of its own, and leaves nothing behind. */
export async function rehearsing(topology: Topology, work: (rehearsal: Rehearsal) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "locked-down-rehearsal-"));
  const rehearsal = await Rehearsal.start({ topology, folder });
  try {
    await work(rehearsal);
    expect(rehearsal.local.failures()).toEqual([]);
  } finally {
    rehearsal.interrupt();
    await rehearsal.ended();
    await rehearsal.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Deploys all of it: every second plan is empty. */
export async function deployed(rehearsal: Rehearsal): Promise<void> {
  await rehearsal.prepare();
  await rehearsal.validate();
  expect([...(await rehearsal.deploy())]).toEqual([]);
}

/** The README's teardown: nothing is left. */
export async function tornDown(rehearsal: Rehearsal): Promise<void> {
  await rehearsal.unprotect();
  expect(await rehearsal.destroy()).toEqual([]);
}

/** A command for people on call, on a host in the first region's network, with the state that Terraform has written. */
export async function onCall(rehearsal: Rehearsal, command: string, ...args: readonly string[]): Promise<Ended> {
  const [region] = topologyWith().stamps[0]?.regions ?? [];
  if (!region) throw new Error("The topology has no region.");
  const run = await operatorCommand({
    local: rehearsal.local,
    command,
    args,
    subscription: REHEARSAL_SUBSCRIPTION,
    folder: dirname(rehearsal.outdir),
    principalId: ON_CALL,
    at: { subnetId: new ArmIds(REHEARSAL_SUBSCRIPTION).subnet(region, "workloadSubnet"), address: "10.1.2.146" },
    environment: { TOPOLOGY: rehearsal.topologyPath, CDKTF_OUTDIR: rehearsal.outdir },
  });
  return await run.ended;
}

/** Plans as `stack: action address`, in order; stacks without changes are left out. */
export function changesIn(plans: ReadonlyMap<string, readonly PlannedChange[]>): string[] {
  return [...plans]
    .flatMap(([stack, changes]) => changes.map(({ action, address }) => `${stack}: ${action} ${address}`))
    .sort();
}
