import { publicNamesOf } from "../../azure-facts/private-link";
import { nameIn } from "../../azure-facts/arm-ids";
import { resolves } from "../reach/names";
import { type Aliases, aliasesOf, failedOver } from "../reach/public-dns";
import type { Answer } from "../reach/azure-resolver";
import type { Place } from "../reach/place";
import type { Reach } from "../reach/reach";

/** What a name leads to from a place. */
export interface NamedFrom {
  readonly from: string;
  readonly name: string;
  readonly answer: string;
}

/** Every name of the stacks, from every place that asks a server: namespaces, aliases before and after a failover, storage, sites and their SCM hosts. */
export function namesOf(reach: Reach): NamedFrom[] {
  const before = aliasesOf(reach.lookup);
  const after = failedOver(reach.lookup);
  return reach.places
    .filter(({ kind }) => kind === "subnet" || kind === "app" || kind === "machine")
    .flatMap((place) => [
      ...hostsOf(reach).map((name) => ({ from: place.name, name, answer: answerText(name, place, before, reach) })),
      ...reach.model.aliases.flatMap(({ name }) => {
        const host = `${name}.servicebus.windows.net`;
        return [
          { from: place.name, name: host, answer: answerText(host, place, before, reach) },
          { from: place.name, name: `${host} after a failover`, answer: answerText(host, place, after, reach) },
        ];
      }),
    ]);
}

/** The public names of everything that has a private endpoint, each once. */
function hostsOf({ model }: Reach): string[] {
  const hosts = model.endpoints
    .filter(({ part }) => part !== "azuremonitor")
    .flatMap(({ targetId, part }) => publicNamesOf(nameIn(targetId), part));
  return [...new Set(hosts)].sort();
}

function answerText(name: string, place: Place, aliases: Aliases, reach: Reach): string {
  return textOf(resolves(name, place, aliases, reach).answer);
}

function textOf(answer: Answer): string {
  switch (answer.kind) {
    case "private":
      return answer.addresses.join(", ");
    case "public":
      return "a public address";
    case "nothing":
      return `nothing: ${answer.why}`;
    case "unknown":
      return `unknown: ${answer.why}`;
  }
}
