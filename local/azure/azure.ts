import { EventEmitter } from "node:events";
import type { ArmDocument } from "./document";
import type { Forwarder } from "./forwarder";
import type { EntityDefinitions } from "./messaging";
import type { CountMessages } from "./message-counts";
import type { HubFilter, Network, Peering } from "./network";
import { Registry } from "./registry";

export interface Namespace {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** Messaging units. @default 1 */
  readonly units?: number;
  /** Messaging partitions. @default 1 */
  readonly partitions?: number;
}

/** A Geo-DR pairing. After a failover it has no partner. */
export interface Pairing {
  readonly alias: string;
  readonly primaryId: string;
  readonly partnerId?: string;
  /** When a failover has ended, in milliseconds since the epoch: until then its state is `Accepted`. @default it has */
  readonly settledAt?: number;
}

export interface ManagedIdentity {
  readonly id: string;
  readonly clientId: string;
  readonly principalId: string;
}

export interface RoleAssignment {
  readonly principalId: string;
  readonly role: string;
  /** An ARM id: the role holds there and below. */
  readonly scope: string;
  /** When it has reached every service, in milliseconds since the epoch. @default it has */
  readonly holdsFrom?: number;
}

export interface FunctionApp {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** The ARM id of the subnet that it is integrated with. @default none: it reaches no private address */
  readonly subnetId?: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly identityIds: readonly string[];
  /** Which callers App Service accepts. @default every caller that can connect to it */
  readonly authentication?: { readonly audiences: readonly string[]; readonly applications?: readonly string[] };
}

/** What the code stack put on a site. */
export interface SitePackage {
  readonly siteId: string;
  /** Absolute path of the zip. */
  readonly path: string;
  /** SHA-256 of its name and bytes, in hex. */
  readonly hash: string;
}

export interface Insights {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly instrumentationKey: string;
  /** The host that telemetry is sent to. */
  readonly ingestionHost: string;
  /** Whether it takes telemetry that comes by no private link. @default true */
  readonly takesFromInternet?: boolean;
}

/** A component's or a workspace's place in an Azure Monitor Private Link Scope. */
export interface ScopeMember {
  readonly id: string;
  /** The ARM id of the scope. */
  readonly scopeId: string;
  /** The ARM id of the component or the workspace. */
  readonly memberId: string;
}

export interface PrivateEndpoint {
  readonly id: string;
  readonly name: string;
  /** The ARM id of its subnet. */
  readonly subnetId: string;
  readonly address: string;
  /** The ARM id of the resource that it leads to. */
  readonly targetId: string;
  /** The ARM ids of the zones that hold its record. */
  readonly zoneIds: readonly string[];
}

export interface ZoneLink {
  readonly id: string;
  /** The ARM ids of the zone and of the network that it is linked to. */
  readonly zoneId: string;
  readonly networkId: string;
  /** The zone's name, in lower case. */
  readonly zone: string;
  /** Whether a name without a record is asked of the public DNS: `NxDomainRedirect`. @default false */
  readonly redirects?: boolean;
}

/** An A record of a private zone that no endpoint's zone group wrote. */
export interface DnsRecord {
  readonly id: string;
  /** The ARM id of the zone. */
  readonly zoneId: string;
  /** In lower case; `@` is the zone itself. */
  readonly label: string;
  readonly addresses: readonly string[];
  /** How long an answer is kept, in seconds. @default 300 */
  readonly ttl?: number;
  /** What Azure calls a record's tags. @default none */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * The state of one small Azure: what a control plane knows. It is filled from the stacks, as if they were deployed, or by Resource Manager;
 * either way by the same methods. The services (the broker, the Functions host, names) read this and nothing else, and follow its `changed` event.
 * Everything has its ARM id as its key, and is placed by the id of its subnet or network: two stamps may share regions and names.
 */
export class Azure extends EventEmitter<{ changed: [] }> {
  /** Every resource as Resource Manager shows it. Queues, topics and pairings are not among them: Resource Manager shows those from the registries below. */
  readonly documents = this.registry<ArmDocument>();
  readonly namespaces = this.registry<Namespace>();
  readonly identities = this.registry<ManagedIdentity>();
  readonly apps = this.registry<FunctionApp>();
  readonly packages = this.registry<SitePackage>(({ siteId }) => siteId);
  readonly insights = this.registry<Insights>();
  readonly scopeMembers = this.registry<ScopeMember>();
  readonly networks = this.registry<Network>();
  readonly peerings = this.registry<Peering>();
  readonly filters = this.registry<HubFilter>();
  readonly endpoints = this.registry<PrivateEndpoint>();
  readonly forwarders = this.registry<Forwarder>();
  readonly zoneLinks = this.registry<ZoneLink>();
  readonly records = this.registry<DnsRecord>();
  readonly roleAssignments = this.registry<RoleAssignment>(
    ({ principalId, role, scope }) => `${principalId}/${role}/${scope}`,
  );
  /** An alias is a name of the public DNS, and unlike every other. */
  private readonly pairings = this.registry<Pairing>(({ alias }) => alias);
  /** By namespace. */
  private readonly declared = this.registry<{ readonly id: string; readonly entities: EntityDefinitions }>();
  /** ARM ids, in small letters, of namespaces whose region is down: nothing of them can be read. */
  readonly outages = new Set<string>();
  /** The ids of principals that have signed in, and are no identity of the design: people, and their own clients. */
  readonly signedIn = new Set<string>();
  /** How long a failover takes to end, in milliseconds. In Azure it is minutes. */
  failoverMs = 500;
  /** How many messages there are. @default not known: no broker serves them */
  countMessages: CountMessages = () => undefined;
  private changes = 0;
  private isChanged = false;

  /** Several changes at once: listeners are notified once, when all are made. The work must not be asynchronous. */
  change<Result>(work: () => Result extends PromiseLike<unknown> ? never : Result): Result {
    this.changes += 1;
    try {
      return work();
    } finally {
      this.changes -= 1;
      if (this.changes === 0 && this.isChanged) this.notify();
    }
  }

  /** @throws Error where the namespace is a paired secondary: it takes changes from its primary only */
  declareEntities(namespaceId: string, entities: EntityDefinitions): void {
    if (this.isPassive(namespaceId)) throw new Error("Cannot update a namespace which is secondary.");
    this.declared.put({ id: namespaceId, entities });
  }

  /** Deletes the entities of a namespace, and their messages. */
  removeEntities(namespaceId: string): void {
    this.declared.remove(namespaceId);
  }

  /** A namespace's own entities; a paired secondary has its primary's. */
  entitiesOf(namespaceId: string): EntityDefinitions {
    const primary = this.pairingOfPartner(namespaceId)?.primaryId;
    return this.declared.get(primary ?? namespaceId)?.entities ?? { queues: [], topics: [] };
  }

  /** @throws Error where Azure would refuse the pairing */
  pair(pairing: Pairing): void {
    const { queues, topics } = this.entitiesOf(pairing.partnerId ?? "");
    if (queues.length + topics.length > 0) {
      throw new Error("The secondary namespace of a pairing must be empty.");
    }
    this.pairings.put(pairing);
  }

  pairing(alias: string): Pairing | undefined {
    return this.pairings.get(alias);
  }

  aliases(): readonly Pairing[] {
    return this.pairings.all();
  }

  /** Whether it is a paired secondary, which serves no client. */
  isPassive(namespaceId: string): boolean {
    return this.pairingOfPartner(namespaceId) !== undefined;
  }

  /**
   * Makes the partner the primary. One way: entities are on both from then on, messages are not moved, and the two are no longer paired
   * (learn.microsoft.com/azure/service-bus-messaging/service-bus-geo-dr).
   */
  failOver(alias: string): Namespace {
    const pairing = this.pairings.get(alias);
    const partner = pairing?.partnerId === undefined ? undefined : this.namespaces.get(pairing.partnerId);
    if (!pairing || !partner) throw new Error(`${alias} has no partner to fail over to.`);
    this.separate(pairing, partner.id, Date.now() + this.failoverMs);
    return partner;
  }

  /** Ends a pairing without a failover: both have the same entities from then on; the alias stays with the primary. */
  breakPairing(alias: string): void {
    const pairing = this.pairings.get(alias);
    if (pairing?.partnerId !== undefined) this.separate(pairing, pairing.primaryId);
  }

  /** Frees the alias. */
  removeAlias(alias: string): void {
    this.pairings.remove(alias);
  }

  /** @param primaryId which of the two the alias names afterwards */
  private separate({ alias, primaryId: old, partnerId = "" }: Pairing, primaryId: string, settledAt?: number): void {
    const entities = this.entitiesOf(old);
    this.change(() => {
      this.pairings.put({ alias, primaryId, ...(settledAt === undefined ? {} : { settledAt }) });
      this.declared.put({ id: partnerId, entities });
    });
  }

  private pairingOfPartner(namespaceId: string): Pairing | undefined {
    const id = namespaceId.toLowerCase();
    return this.pairings.all().find(({ partnerId }) => partnerId?.toLowerCase() === id);
  }

  private registry<T extends { readonly id: string }>(): Registry<T>;
  private registry<T>(keyOf: (item: T) => string): Registry<T>;
  private registry<T extends { readonly id: string }>(keyOf: (item: T) => string = ({ id }) => id): Registry<T> {
    return new Registry(keyOf, () => {
      this.isChanged = true;
      if (this.changes === 0) this.notify();
    });
  }

  private notify(): void {
    this.isChanged = false;
    this.emit("changed");
  }
}
