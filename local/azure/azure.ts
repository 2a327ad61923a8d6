import { EventEmitter } from "node:events";
import type { ArmDocument } from "./document";
import type { Forwarder } from "./forwarder";
import type { EntityDefinitions } from "./messaging";

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
  readonly settings: Readonly<Record<string, string>>;
  readonly identityIds: readonly string[];
  /** Which callers App Service lets through; none: whoever reaches it. */
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
}

export interface PrivateEndpoint {
  readonly name: string;
  readonly location: string;
  readonly address: string;
  /** The ARM id of what it leads to. */
  readonly targetId: string;
  /** The ARM ids of the zones that hold its record. */
  readonly zoneIds: readonly string[];
}

export interface ZoneLink {
  /** The ARM ids of the zone and of the network that it is linked to. */
  readonly zoneId: string;
  readonly networkId: string;
  readonly zone: string;
  readonly location: string;
  /** Whether names are asked from there: only a network without DNS servers of its own asks Azure's resolver, which is the hub that the forwarders stand in. */
  readonly asked: boolean;
  /** Whether a name without a record is asked of the public DNS: `NxDomainRedirect`. @default false */
  readonly redirects?: boolean;
}

/**
 * The state of one small Azure: what a control plane knows. It is filled from the stacks, as if they were deployed, or by Resource Manager, as they are;
 * either way by the same methods. Whatever serves (the broker, the Functions host, names) reads this and nothing else, and follows its `changed` event.
 */
export class Azure extends EventEmitter<{ changed: [] }> {
  /** Every resource as Resource Manager shows it, but queues, topics and pairings, which are shown as they stand here. */
  readonly documents = new Registry<ArmDocument>(({ id }) => id);
  readonly namespaces = new Registry<Namespace>(({ id }) => id);
  readonly identities = new Registry<ManagedIdentity>(({ id }) => id);
  readonly apps = new Registry<FunctionApp>(({ id }) => id);
  readonly packages = new Registry<SitePackage>(({ siteId }) => siteId);
  readonly insights = new Registry<Insights>(({ id }) => id);
  readonly endpoints = new Registry<PrivateEndpoint>(({ location, name }) => `${location}/${name}`);
  readonly forwarders = new Registry<Forwarder>(({ id }) => id);
  readonly zoneLinks = new Registry<ZoneLink>(({ networkId, zoneId }) => `${networkId} ${zoneId}`);
  readonly roleAssignments = new Registry<RoleAssignment>(
    ({ principalId, role, scope }) => `${principalId}/${role}/${scope}`,
  );
  private readonly pairings = new Registry<Pairing>(({ alias }) => alias);
  private readonly declared = new Map<string, EntityDefinitions>();

  /** Tells whoever follows that something was put or removed. */
  settle(): void {
    this.emit("changed");
  }

  /** @throws Error where the namespace is a paired secondary: it takes changes from its primary only */
  declareEntities(namespaceId: string, entities: EntityDefinitions): void {
    if (this.isPassive(namespaceId)) throw new Error("Cannot update a namespace which is secondary.");
    this.declared.set(namespaceId.toLowerCase(), entities);
  }

  /** Deletes what a namespace holds, messages and all. */
  removeEntities(namespaceId: string): void {
    this.declared.delete(namespaceId.toLowerCase());
    this.settle();
  }

  /** A namespace's own entities; a paired secondary has its primary's. */
  entitiesOf(namespaceId: string): EntityDefinitions {
    const primary = this.pairingOfPartner(namespaceId)?.primaryId;
    return this.declared.get((primary ?? namespaceId).toLowerCase()) ?? { queues: [], topics: [] };
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

  /** Whether it is a paired secondary, which serves nobody. */
  isPassive(namespaceId: string): boolean {
    return this.pairingOfPartner(namespaceId) !== undefined;
  }

  /**
   * Makes the partner the primary. One way: entities stay on both, messages stay where they are, and the two are paired no more
   * (learn.microsoft.com/azure/service-bus-messaging/service-bus-geo-dr).
   */
  failOver(alias: string): Namespace {
    const pairing = this.pairings.get(alias);
    const partner = pairing?.partnerId === undefined ? undefined : this.namespaces.get(pairing.partnerId);
    if (!pairing || !partner) throw new Error(`${alias} has no partner to fail over to.`);
    const entities = this.entitiesOf(pairing.primaryId);
    this.pairings.put({ alias, primaryId: partner.id });
    this.declared.set(partner.id.toLowerCase(), entities);
    this.settle();
    return partner;
  }

  /** Ends a pairing without a failover: both go on by themselves, with the same entities; the alias stays with the primary. */
  breakPairing(alias: string): void {
    const pairing = this.pairings.get(alias);
    if (pairing?.partnerId === undefined) return;
    const entities = this.entitiesOf(pairing.primaryId);
    this.pairings.put({ alias, primaryId: pairing.primaryId });
    this.declared.set(pairing.partnerId.toLowerCase(), entities);
    this.settle();
  }

  /** Frees the alias. */
  removeAlias(alias: string): void {
    this.pairings.remove(alias);
    this.settle();
  }

  private pairingOfPartner(namespaceId: string): Pairing | undefined {
    const id = namespaceId.toLowerCase();
    return this.pairings.all().find(({ partnerId }) => partnerId?.toLowerCase() === id);
  }
}

/** Things of a kind by key; keys ignore case, as ARM ids do. */
export class Registry<T> {
  private readonly items = new Map<string, T>();

  constructor(private readonly keyOf: (item: T) => string) {}

  put(item: T): void {
    this.items.set(this.keyOf(item).toLowerCase(), item);
  }

  remove(key: string): void {
    this.items.delete(key.toLowerCase());
  }

  get(key: string): T | undefined {
    return this.items.get(key.toLowerCase());
  }

  all(): T[] {
    return [...this.items.values()];
  }
}
