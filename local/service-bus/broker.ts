import type { Connection } from "rhea";
import { serviceBusHost } from "../../topology/names";
import type { Azure, Namespace } from "../azure/azure";
import type { MessageCounts } from "../azure/message-counts";
import { mayDo } from "../azure/roles";
import { Reconciler } from "../reconciler";
import type { TokenAuthority } from "../identity/tokens";
import type { CertificateAuthority } from "../names/certificates";
import type { ArmAnswer, ArmRequest } from "../resource-manager/arm/exchange";
import { ArmFault } from "../resource-manager/arm/fault";
import { Administration } from "./administration/administration";
import { NamespaceEntities, type Redelivery } from "./entities/namespace";
import { cutOff, Listener } from "./listener";
import { SubscriptionRules } from "./subscription-rules";
import { WebFront } from "./web-front";

/** @throws ArmFault */
export type Manage = (request: ArmRequest) => ArmAnswer;

/** Something that may make a message come twice. */
export interface BrokerFault {
  /** In milliseconds since the epoch. */
  readonly at: number;
  readonly namespace: string;
  readonly what: "a cut connection" | "the namespace going down" | "an answer that never came";
}

interface Served {
  readonly namespace: Namespace;
  readonly entities: NamespaceEntities;
  readonly listener: Listener;
  readonly web: WebFront;
  /** Kept while it is down: it comes back where it was. */
  readonly port: number;
  readonly webPort: number;
  up: boolean;
}

export interface BrokerProps {
  readonly azure: Azure;
  readonly authority: TokenAuthority;
  readonly certificates: CertificateAuthority;
  /** Ports by namespace. @default free ones */
  readonly ports?: Readonly<Record<string, number>>;
  /** How long a connection may be open without a token, in milliseconds. @default Azure's 20 s */
  readonly tokenMs?: number;
  /** How long a connection may have no link but those for tokens, in milliseconds. @default Azure's 5 minutes */
  readonly idleMs?: number;
}

/**
 * Service Bus for every namespace of the small Azure: one TLS listener each on loopback. What it serves it reads from the model, and follows.
 * Messages are in memory and end with it.
 */
export class Broker {
  /** Every delivery that followed another one of the same message. */
  readonly redeliveries: Redelivery[] = [];
  /** Errors of the broker's own. There should be none, and a run with one has proved nothing. */
  readonly failures: Error[] = [];
  readonly faults: BrokerFault[] = [];
  private readonly served = new Map<string, Served>();
  /** Resource Manager, which the management API of each namespace writes by. @default none: it answers 503 */
  manage?: Manage;
  private readonly unanswered: ((connection: Connection) => void)[] = [];

  private readonly azure: Azure;
  private readonly reconciler = new Reconciler(() => this.serve());

  private constructor(private readonly props: BrokerProps) {
    this.azure = props.azure;
  }

  static async start(props: BrokerProps): Promise<Broker> {
    const broker = new Broker(props);
    try {
      await broker.serve();
      broker.reconcile();
    } catch (error) {
      await broker.stop();
      throw error;
    }
    props.azure.on("changed", broker.onChange);
    props.azure.countMessages = (namespaceId, path) => broker.count(namespaceId, path);
    return broker;
  }

  /** When every namespace that there is has its listener. @throws Error where one has none */
  async settled(): Promise<void> {
    await this.reconciler.settled();
  }

  async stop(): Promise<void> {
    this.azure.off("changed", this.onChange);
    await this.reconciler.stop();
    await Promise.all([...this.served.values()].flatMap(({ listener, web }) => [listener.stop(), web.stop()]));
  }

  private readonly onChange = (): void => {
    this.reconcile();
    this.reconciler.changed();
  };

  /** Opens a listener for each namespace that has none, and closes those of namespaces that are gone. */
  private async serve(): Promise<void> {
    const { azure } = this;
    const { authority, certificates, ports = {}, tokenMs, idleMs } = this.props;
    for (const [name, { namespace, listener, web }] of this.served) {
      // One that was deleted and made again is another one.
      if (azure.namespaces.get(namespace.id)?.name === name) continue;
      this.served.delete(name);
      await Promise.all([listener.stop(), web.stop()]);
    }
    const unserved = azure.namespaces.all().filter(({ name }) => !this.served.has(name));
    if (unserved.length === 0) return;
    const { key, certificate } = await certificates.identityFor(["localhost", "127.0.0.1", "*.servicebus.windows.net"]);
    for (const namespace of unserved) {
      const entities = new NamespaceEntities(namespace.name, (redelivery) => this.redeliveries.push(redelivery));
      const rules = new SubscriptionRules(azure, namespace.id);
      const listener = new Listener({
        ...(tokenMs === undefined ? {} : { tokenMs }),
        ...(idleMs === undefined ? {} : { idleMs }),
        identity: { key, certificate },
        authority,
        entities,
        rules,
        mayDo: ({ principalId }, action, path) =>
          // A path does not say whether it is a queue or a topic, and names are unique.
          ["queues", "topics"].some((kind) => mayDo(azure, principalId, action, `${namespace.id}/${kind}/${path}`)),
        answersTo: (host) => this.answersTo(host, namespace),
        passive: () => azure.isPassive(namespace.id),
        beforeAnswer: (connection) => this.mayAnswer(connection, namespace.name),
        failed: (error) => this.failures.push(error),
      });
      const administration = new Administration({ ...namespace, rules, manage: this.managed });
      const web = new WebFront({
        identity: { key, certificate },
        accept: (stream) => {
          listener.accept(stream);
        },
        answersTo: (host) => this.answersTo(host, namespace),
        mayManage: (token) => {
          const principal = authority.principalOf(token, "https://servicebus.azure.net");
          return principal && mayDo(azure, principal.principalId, "manage", namespace.id);
        },
        administer: (request) => administration.handle(request),
        failed: (error) => this.failures.push(error),
      });
      const port = await listener.start(ports[namespace.name]);
      const webPort = await web.start();
      this.served.set(namespace.name, { namespace, entities, listener, web, port, webPort, up: true });
    }
    this.reconcile();
  }

  /** The loopback port of a namespace. */
  port(namespace: string): number {
    return this.of(namespace).port;
  }

  /** The loopback port of a namespace's port 443: AMQP over WebSocket, and the management API. */
  webPort(namespace: string): number {
    return this.of(namespace).webPort;
  }

  entities(namespace: string): NamespaceEntities {
    return this.of(namespace).entities;
  }

  isUp(namespace: string): boolean {
    return this.of(namespace).up;
  }

  /** An outage begins: a namespace takes messages, but hands none out until it comes up again. */
  stall(namespace: string): void {
    for (const queue of this.of(namespace).entities.all()) queue.stall(true);
  }

  /** A region goes away: connections end, locks are lost, messages stay. */
  async goDown(namespace: string): Promise<void> {
    const served = this.of(namespace);
    served.up = false;
    this.azure.outages.add(served.namespace.id.toLowerCase());
    this.faults.push({ at: Date.now(), namespace, what: "the namespace going down" });
    await Promise.all([served.listener.stop(), served.web.stop()]);
    for (const queue of served.entities.all()) queue.loseLocks();
  }

  async comeUp(namespace: string): Promise<void> {
    const served = this.of(namespace);
    if (served.up) return;
    await Promise.all([served.listener.start(served.port), served.web.start(served.webPort)]);
    served.up = true;
    this.azure.outages.delete(served.namespace.id.toLowerCase());
    for (const queue of served.entities.all()) queue.stall(false);
  }

  /** Ends a namespace's connections without a word; what they have locked stays locked. */
  cut(namespace: string): number {
    this.faults.push({ at: Date.now(), namespace, what: "a cut connection" });
    return this.of(namespace).listener.cut();
  }

  /** Ends every lock of a namespace. */
  loseLocks(namespace: string): void {
    for (const queue of this.of(namespace).entities.all()) queue.loseLocks();
  }

  /** The next sends are enqueued, and their senders cut off before they are answered. */
  swallowAnswers(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.onNextSend((connection) => {
        cutOff(connection);
      });
    }
  }

  /** Lets something happen instead of the answer to the next send: the message is enqueued, its sender never learns it. */
  onNextSend(happen: (connection: Connection) => void): void {
    this.unanswered.push(happen);
  }

  private mayAnswer(connection: Connection, namespace: string): boolean {
    const happen = this.unanswered.shift();
    if (!happen) return true;
    this.faults.push({ at: Date.now(), namespace, what: "an answer that never came" });
    happen(connection);
    return false;
  }

  private count(namespaceId: string, path: string): MessageCounts | undefined {
    const name = this.azure.namespaces.get(namespaceId)?.name ?? "";
    const entities = this.served.get(name)?.entities;
    const topic = entities?.topic(path);
    if (topic) {
      const counts = { active: 0, scheduled: topic.scheduledCount, deferred: 0, deadLetter: 0, transferDeadLetter: 0 };
      const { createdAt, updatedAt } = topic.times;
      return { ...counts, sizeInBytes: topic.sizeInBytes, createdAt, updatedAt, accessedAt: topic.accessedAt };
    }
    const queues = entities?.all() ?? [];
    const of = (wanted: string) =>
      queues.find((queue) => queue.path.toLowerCase() === `${path}${wanted}`.toLowerCase());
    const [own, dead, transferDead] = ["", "/$DeadLetterQueue", "/$Transfer/$DeadLetterQueue"].map(of);
    if (!own) return undefined;
    const { active, scheduled, deferred } = own.counts;
    const { createdAt, updatedAt } = own.times;
    return {
      active,
      scheduled,
      deferred,
      deadLetter: dead?.counts.active ?? 0,
      transferDeadLetter: transferDead?.counts.active ?? 0,
      sizeInBytes: [own, dead, transferDead].reduce((sum, queue) => sum + (queue?.sizeInBytes ?? 0), 0),
      createdAt,
      updatedAt,
      accessedAt: own.accessedAt,
    };
  }

  private reconcile(): void {
    for (const { namespace, entities, listener } of this.served.values()) {
      entities.reconcile(this.azure.entitiesOf(namespace.id));
      // Who called by an alias that has moved away has to ask for its name again.
      const own = serviceBusHost(namespace.name);
      const passive = this.azure.isPassive(namespace.id);
      listener.cut(({ hostname = "" }) => passive || (hostname !== own && !this.aliasLeadsTo(hostname, namespace)));
    }
  }

  private answersTo(host: string, namespace: Namespace): boolean {
    return host === serviceBusHost(namespace.name) || this.aliasLeadsTo(host, namespace);
  }

  private readonly managed: Manage = (request) => {
    if (this.manage) return this.manage(request);
    throw new ArmFault(503, "ServiceUnavailable", "No Resource Manager runs beside this broker.");
  };

  private aliasLeadsTo(host: string, namespace: Namespace): boolean {
    const pairing = this.azure.aliases().find(({ alias }) => serviceBusHost(alias) === host);
    return pairing?.primaryId.toLowerCase() === namespace.id.toLowerCase();
  }

  private of(namespace: string): Served {
    const served = this.served.get(namespace);
    if (!served) throw new Error(`There is no namespace ${namespace}, only ${[...this.served.keys()].join(", ")}.`);
    return served;
  }
}
