import { nameIn } from "../../azure-facts/arm-ids";
import { listensOn } from "../../azure-facts/endpoint-ports";
import { PRIVATE_LINK, publicNamesOf } from "../../azure-facts/private-link";
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

/** A question for a name. */
export interface Asked {
  readonly place: Place;
  readonly name: string;
  /** The TCP ports on which what has the name listens; none where that is not known. */
  readonly ports: readonly number[];
  readonly aliases: Aliases;
  readonly isAfterFailover: boolean;
}

/** Every name of the stacks, from every place that asks a server: namespaces, aliases before and after a failover, storage, sites and their SCM hosts. */
export function namesOf(reach: Reach): NamedFrom[] {
  const asking = reach.places.filter(({ kind }) => kind === "subnet" || kind === "app" || kind === "machine");
  return askedBy(asking, reach).map(({ place, name, aliases, isAfterFailover }) => ({
    from: place.name,
    name: isAfterFailover ? `${name} after a failover` : name,
    answer: answerText(resolves(name, place, aliases, reach).answer),
  }));
}

/** Every name of the stacks, asked by some places. */
export function askedBy(places: readonly Place[], reach: Reach): Asked[] {
  const hosts = hostsOf(reach);
  const before = aliasesOf(reach.lookup);
  const after = failedOver(reach.lookup);
  return places.flatMap((place) => [
    ...hosts.map((host) => ({ ...host, place, aliases: before, isAfterFailover: false })),
    ...reach.model.aliases.flatMap(({ name }) => {
      const alias = {
        place,
        name: `${name}.servicebus.windows.net`,
        ports: listensOn(PRIVATE_LINK.serviceBus.subresource) ?? [],
      };
      return [
        { ...alias, aliases: before, isAfterFailover: false },
        { ...alias, aliases: after, isAfterFailover: true },
      ];
    }),
  ]);
}

/** The public names of everything that has a private endpoint, each once. */
function hostsOf({ model }: Reach): Pick<Asked, "name" | "ports">[] {
  const ports = new Map(
    model.endpoints
      .filter(({ part }) => part !== "azuremonitor")
      .flatMap(({ targetId, part }) =>
        publicNamesOf(nameIn(targetId), part).map((name) => [name, listensOn(part) ?? []] as const),
      ),
  );
  return [...ports]
    .map(([name, listens]) => ({ name, ports: listens }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

export function answerText(answer: Answer): string {
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
