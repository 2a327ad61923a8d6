import type { Stamp } from "../../../topology/schema";
import { npmRun } from "../npm-run";
import type { NamespaceSituation } from "../situation";

const DEPLOY = "  npm run deploy -- --skip '*code-*'       (or the pipeline)";

/** The topology's edit that lets go of the former primary's entities and declares the new primary's. */
export function startEdit(
  stamp: Stamp,
  primary: NamespaceSituation,
  former: NamespaceSituation,
  partner: "former" | "new",
): string {
  return [
    `  ${where(stamp)}`,
    ...(stamp.primary === primary.region.location ? [] : [`    primary: "${primary.region.location}"`]),
    '    pairing.state: "unpaired"',
    `    pairing.recovery: { from: "${former.namespace}"${partner === "new" ? ', partner: "new"' : ""} }`,
    ...(partner === "new" ? [`    serviceBus.namespace of ${former.region.location}: "<a new name>"`] : []),
    ...(stamp.protection.locks ? ["    protection.locks: false       (a lock refuses what has to be deleted)"] : []),
    DEPLOY,
    again(stamp),
  ].join("\n");
}

/** The edit that declares the pair that Azure has. */
export function pairEdit(stamp: Stamp): string {
  return ["Next", `  ${where(stamp)}`, '    pairing.state: "paired"', DEPLOY, again(stamp)].join("\n");
}

/** The edit that ends the recovery. */
export function endEdit(stamp: Stamp): string {
  return [
    "Next",
    `  ${where(stamp)}`,
    "    take pairing.recovery away",
    ...(stamp.protection.locks ? [] : ["    protection.locks: true       (if it was so before)"]),
    DEPLOY,
    "  npm run deploy -- --plan       (shows no changes)",
  ].join("\n");
}

/** What was edited is not deployed yet. */
export function deployFirst(stamp: Stamp, why: string): string {
  return ["Next", `  ${why}`, DEPLOY, again(stamp)].join("\n");
}

function again(stamp: Stamp): string {
  return `  ${npmRun(stamp, "failback")}`;
}

function where({ name }: Stamp): string {
  return `in topology.ts${name === undefined ? "" : `, stamp ${name}`}`;
}
