import type { Reach } from "../reach/reach";
import { type Cell, matrixOf } from "./matrix";
import { namesOf } from "./names";

/** What changes between two sets of stacks in who reaches whom, what names lead to, and who has which right. */
export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Rules and resources that are only called otherwise change nothing here. What is not modelled is listed: what it changes is not known. */
export function differenceBetween(before: Reach | undefined, after: Reach | undefined): Difference {
  const [old, now] = [linesOf(before), linesOf(after)];
  return {
    added: [...now].filter((line) => !old.has(line)).sort(),
    removed: [...old].filter((line) => !now.has(line)).sort(),
  };
}

function linesOf(reach: Reach | undefined): ReadonlySet<string> {
  if (!reach) return new Set();
  const { model } = reach;
  const holder = (principal: string) =>
    model.apps.find(({ identityIds }) => identityIds.includes(principal))?.name ?? principal;
  return new Set([
    ...matrixOf(reach)
      .filter(({ verdict }) => verdict !== "cannot")
      .map(wayLine),
    ...namesOf(reach).map(({ from, name, answer }) => `name: ${from}: ${name} -> ${answer}`),
    ...model.roles.map(
      ({ name, principal, scope }) =>
        `right: ${holder(principal)}: ${name} on ${scope.split("/providers/").at(-1) ?? scope}`,
    ),
    ...model.unmodelled.map(({ resource, why }) => `not modelled: ${resource}: ${why}`),
    ...model.services
      .filter(({ publicAccess }) => publicAccess !== "none")
      .map(
        ({ name, publicAccess }) =>
          `public: ${name} accepts ${publicAccess === "all" ? "every address" : "some addresses"} of the Internet`,
      ),
  ]);
}

function wayLine({ from, sources, to, verdict, services, hosts }: Cell): string {
  const some = sources === "all" ? "" : ` (from ${sources})`;
  const named = hosts ? ` (${hosts.join(", ")})` : "";
  return `way: ${from}${some} ${verdict === "reaches" ? "reaches" : "may reach"} ${to}${named} on ${services}`;
}
