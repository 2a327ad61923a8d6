import { type BusAnswer, busAnswerOf } from "../../operator/app-health";
import { type EntityCounts, messageCountsOf } from "../../operator/message-counts";
import { resolved } from "../../operator/network";
import { endpointStatesOf, type PairState, pairStateOf } from "../../operator/pair-state";
import type { Read } from "../../operator/service-bus-management";
import { aliasOf, namespaceAt, type OwnNamespace, producerSites, type StampOnCall } from "./stamp-on-call";
import { type PairInState, pairInState } from "./pair-in-state";

/** One of the pair's namespaces. */
export interface NamespaceSituation extends OwnNamespace {
  /** Nothing: the alias is not its. */
  readonly pair: Read<PairState | undefined>;
  readonly counts: Read<readonly EntityCounts[]>;
  readonly endpoints: Read<ReadonlyMap<string, string>>;
}

/** Where the alias leads from a spoke. */
export interface SpokeSituation {
  readonly location: string;
  readonly site: string;
  /** A namespace's name; nothing where it is not known. */
  readonly leadsTo?: string;
  /** In words. */
  readonly says: string;
  /** Whether this host resolves the site into the network. A host in one region does not know another region's sites. */
  readonly isReached: boolean;
  /** Whether the app will never say it: it refuses this caller, or runs a package that does not. */
  readonly isFinal?: boolean;
}

export interface Situation {
  readonly alias: string;
  readonly namespaces: readonly NamespaceSituation[];
  readonly spokes: readonly SpokeSituation[];
  readonly state: Read<PairInState>;
}

/** Everything that a person looks at before a failover. What cannot be read is said, and is no error. */
export async function situationOf(onCall: StampOnCall): Promise<Situation> {
  const { stamp, bus } = onCall;
  const alias = aliasOf(stamp);
  const [namespaces, spokes, state] = await Promise.all([
    Promise.all(
      onCall.namespaces.map(async (own) => {
        const [pair, counts, endpoints] = await Promise.all([
          pairStateOf(bus, own, alias),
          messageCountsOf(bus, own),
          endpointStatesOf(bus, own),
        ]);
        return { ...own, pair, counts, endpoints };
      }),
    ),
    spokesOf(onCall),
    pairInState(stamp),
  ]);
  return { alias, namespaces, spokes, state };
}

export async function spokesOf({ stamp, session }: StampOnCall): Promise<SpokeSituation[]> {
  const audience = stamp.authentication?.clientId;
  return await Promise.all(
    producerSites(stamp).map(async ({ location, site }) => {
      const { isPrivate, says } = await resolved(site);
      if (!isPrivate) return { location, site, says: `not known here: ${says}`, isReached: false };
      const answer = await busAnswerOf({
        site,
        credential: session.credential,
        ...(audience === undefined ? {} : { audience }),
      });
      const leadsTo = "address" in answer ? namespaceAt(stamp, answer.address) : undefined;
      return {
        location,
        site,
        ...(leadsTo === undefined ? {} : { leadsTo }),
        says: saidBy(answer, leadsTo),
        isReached: true,
        ...("unknown" in answer && answer.isFinal ? { isFinal: true } : {}),
      };
    }),
  );
}

function saidBy(answer: BusAnswer, leadsTo: string | undefined): string {
  if ("unknown" in answer) return answer.unknown;
  return leadsTo === undefined
    ? `${answer.host} is ${answer.address}, which is no endpoint of this stamp`
    : `${answer.host} is ${answer.address}, the endpoint of ${leadsTo}`;
}

/** How many messages a namespace holds; nothing where it could not be read. */
export function messagesIn({ counts }: Pick<NamespaceSituation, "counts">): number | undefined {
  return "value" in counts ? counts.value.reduce((sum, { total }) => sum + total, 0) : undefined;
}
