import { isIPv4 } from "node:net";
import { servicesOf } from "../../proof/packets/services";
import { addressesOf } from "../../proof/packets/addresses";
import { modelFrom } from "../../proof/network/from-stacks";
import { ask } from "../../proof/reach/ask";
import type { Answer } from "../../proof/reach/azure-resolver";
import { byAddress } from "../../proof/reach/decide";
import type { Step, Verdict } from "../../proof/reach/flight";
import { resolves } from "../../proof/reach/names";
import { partOf, type Place } from "../../proof/reach/place";
import type { Aliases } from "../../proof/reach/public-dns";
import { Reach } from "../../proof/reach/reach";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import type { Azure } from "../azure/azure";

/** Something that an app connects to, and what the network does with it. */
export interface Way {
  readonly app: string;
  readonly host: string;
  readonly port: number;
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
}

/**
 * What the proof says of the stacks that run: an app, or a host at an address, gets the answers, and opens the connections, that it would in Azure. An app is known by its ARM id.
 */
export class Ways {
  private readonly reach: Reach;

  /** @throws Error where the stacks cannot be read whole */
  constructor(
    stacks: readonly SynthesizedStack[],
    private readonly azure: Azure,
  ) {
    this.reach = new Reach(modelFrom(stacks));
  }

  /** What a name leads to from an app; nothing where the stacks have no such app and no such host. */
  answer(from: string, name: string): Answer | undefined {
    const place = this.placeOf(from);
    return place && resolves(name, place, this.aliases(), this.reach).answer;
  }

  opens(from: string, address: string, port: number): boolean {
    const place = this.placeOf(from);
    return !place || byAddress(this.reach, place, addressesOf(address), tcp(port)).verdict === "reaches";
  }

  /** The same by a name, where the address is public and not known beforehand. */
  opensTo(from: string, host: string, port: number): boolean {
    const place = this.placeOf(from);
    return !place || this.ask(place, host, port).verdict === "reaches";
  }

  /** The ways that apps need: to the namespaces in their settings, and to their telemetry. */
  needed(): Way[] {
    return this.azure.apps.all().flatMap(({ id, name, settings }) => {
      const place = this.placeOf(id);
      if (!place) return [];
      const namespaces = Object.entries(settings)
        .filter(([key]) => key.endsWith("__fullyQualifiedNamespace"))
        .map(([, host]) => ({ host, port: 5671 }));
      const ingestion = /IngestionEndpoint=https:\/\/([^/;]+)/.exec(
        settings.APPLICATIONINSIGHTS_CONNECTION_STRING ?? "",
      )?.[1];
      return [...namespaces, ...(ingestion === undefined ? [] : [{ host: ingestion, port: 443 }])].map(
        ({ host, port }) => ({ app: name, host, port, ...this.ask(place, host, port) }),
      );
    });
  }

  private ask(place: Place, host: string, port: number) {
    const { verdict, steps } = ask(this.reach, { place, to: host, service: tcp(port), aliases: this.aliases() });
    return { verdict, steps };
  }

  private placeOf(from: string): Place | undefined {
    if (isIPv4(from)) return hostAt(this.reach, from);
    return this.reach.places.find(({ app }) => app?.id === from.toLowerCase());
  }

  /** As they are now: a failover moves them. */
  private aliases(): Aliases {
    return new Map(this.azure.aliases().map(({ alias, primaryId }) => [alias.toLowerCase(), primaryId.toLowerCase()]));
  }
}

/** A host of a subnet, by its address. */
function hostAt({ places }: Reach, address: string): Place | undefined {
  const own = addressesOf(address);
  const subnet = places.find(({ kind, addresses }) => kind === "subnet" && own.isWithin(addresses));
  return subnet && partOf(subnet, own, `${subnet.name} at ${address}`);
}

function tcp(port: number) {
  return servicesOf("tcp", [String(port)]);
}
