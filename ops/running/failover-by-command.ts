import { spawn } from "node:child_process";
import { join } from "node:path";
import { Failure } from "../../failure";
import type { LocalAzure } from "../../local/local-azure";
import { operatorEnvironment } from "../../local/operators/operator-host";
import { ArmIds } from "../../topology/arm-ids";
import { addressAt, prefixLength } from "../../topology/cidr";
import { whereabouts } from "../../topology/ranges";
import type { Stamp } from "../../topology/schema";
import { withoutSignIn } from "../rehearsal/terraform-environment";

const LAUNCHER = join(__dirname, "../run.cjs");

export interface FailoverByCommandProps {
  readonly local: LocalAzure;
  readonly stamp: Stamp;
  /** The region that the person on call works in: not the one that is lost. */
  readonly location: string;
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Fails over as a person on call does: by `npm run failover -- --forced`, on a host of `access.operators.ranges` in the other region. @throws Failure with what the command said */
export async function failoverByCommand({
  local,
  stamp,
  location,
  folder,
  say,
}: FailoverByCommandProps): Promise<void> {
  const [subscription = ""] = local.azure.namespaces.all().map(({ id }) => id.split("/")[2] ?? "");
  const region = stamp.regions.find((each) => each.location === location);
  const [range] = region ? whereabouts(stamp, region, stamp.access.operators.ranges).inWorkloadSubnet : [];
  const environment = await operatorEnvironment(local, {
    subscription,
    folder,
    ...(region && range !== undefined
      ? { at: { subnetId: new ArmIds(subscription).subnet(region, "workloadSubnet"), address: aHostOf(range) } }
      : {}),
  });
  const named = stamp.name === undefined ? [] : ["--stamp", stamp.name];
  const child = spawn(process.execPath, [LAUNCHER, "failover", "--forced", "--yes", "--wait", "60", ...named], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...withoutSignIn(process.env), ...environment },
  });
  const lines: string[] = [];
  const read = (chunk: Buffer) => {
    for (const line of chunk.toString().split("\n")) {
      lines.push(line);
      if (/^[✔✖›]/.test(line)) say(line.replace(/^[✔✖›] /, ""));
    }
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const code = await new Promise<number | null>((done, failed) => {
    child.once("error", failed);
    child.once("close", done);
  });
  if (code !== 0) throw new Failure(`npm run failover ended with ${String(code)}:\n${lines.join("\n").trim()}`);
}

/** The last address of a block that a host can have. */
function aHostOf(range: string): string {
  return addressAt(range, Math.max(0, 2 ** (32 - prefixLength(range)) - 2));
}
