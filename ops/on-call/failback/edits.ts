import type { Stamp } from "../../../topology/schema";
import type { NamespaceSituation } from "../situation";

const DEPLOY = "  npm run deploy -- --skip '*code-*'       (or the pipeline)";
const AGAIN = "  npm run failback";

/** The topology's edit that lets go of the former primary's entities and declares the new primary's. */
export function startEdit(
  stamp: Stamp,
  primary: NamespaceSituation,
  former: NamespaceSituation,
  isKept: boolean,
): string {
  return [
    `  ${where(stamp)}`,
    ...(stamp.primary === primary.region.location ? [] : [`    primary: "${primary.region.location}"`]),
    '    pairing.state: "unpaired"',
    `    pairing.recovery: { from: "${former.namespace}" }`,
    ...(isKept ? [] : [`    serviceBus.namespace of ${former.region.location}: "<a new name>"`]),
    ...(stamp.protection.locks ? ["    protection.locks: false       (a lock refuses what has to be deleted)"] : []),
    DEPLOY,
    AGAIN,
  ].join("\n");
}

/** The edit that declares the pair that Azure has. */
export function pairEdit(stamp: Stamp): string {
  return ["Next", `  ${where(stamp)}`, '    pairing.state: "paired"', DEPLOY, AGAIN].join("\n");
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
export function deployFirst(why: string): string {
  return ["Next", `  ${why}`, DEPLOY, AGAIN].join("\n");
}

function where({ name }: Stamp): string {
  return `in topology.ts${name === undefined ? "" : `, stamp ${name}`}`;
}
