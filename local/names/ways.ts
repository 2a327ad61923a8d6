import { servicesOf } from "../../proof/packets/services";
import { addressesOf } from "../../proof/packets/addresses";
import { modelFrom } from "../../proof/network/from-stacks";
import { ask } from "../../proof/reach/ask";
import type { Answer } from "../../proof/reach/azure-resolver";
import { byAddress } from "../../proof/reach/decide";
import type { Step, Verdict } from "../../proof/reach/flight";
import { resolves } from "../../proof/reach/names";
import type { Place } from "../../proof/reach/place";
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

/** What the proof says of the stacks that run: an app gets the answers, and opens the connections, that it would in Azure. */
export class Ways {
  private readonly reach: Reach;

  /** @throws Error where the stacks cannot be read whole */
  constructor(
    stacks: readonly SynthesizedStack[],
    private readonly azure: Azure,
  ) {
    this.reach = new Reach(modelFrom(stacks));
  }

  /** What a name leads to from an app; nothing where the stacks do not have the app. */
  answer(appId: string, name: string): Answer | undefined {
    const place = this.placeOf(appId);
    return place && resolves(name, place, this.aliases(), this.reach).answer;
  }

  opens(appId: string, address: string, port: number): boolean {
    const place = this.placeOf(appId);
    return !place || byAddress(this.reach, place, addressesOf(address), tcp(port)).verdict === "reaches";
  }

  /** The same by a name, where the address is public and not known beforehand. */
  opensTo(appId: string, host: string, port: number): boolean {
    const place = this.placeOf(appId);
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

  private placeOf(appId: string): Place | undefined {
    return this.reach.places.find(({ app }) => app?.id === appId.toLowerCase());
  }

  /** As they are now: a failover moves them. */
  private aliases(): Aliases {
    return new Map(this.azure.aliases().map(({ alias, primaryId }) => [alias.toLowerCase(), primaryId.toLowerCase()]));
  }
}

function tcp(port: number) {
  return servicesOf("tcp", [String(port)]);
}
