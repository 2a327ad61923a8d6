import { randomUUID } from "node:crypto";
import { decoded, itemsOf, map, MalformedAmqp, symbol, text, textFrom } from "../amqp/encoding";
import type { PropertyName } from "../../../topology/sql/values";
import { pairsOf, section, sectionsOf } from "../amqp/sections";

/** The names that Service Bus gives a message's own properties, in their place in AMQP's list (OASIS AMQP 1.0, part 3.2.4). */
const PLACES = {
  messageId: 0,
  to: 2,
  subject: 3,
  replyTo: 4,
  correlationId: 5,
  contentType: 6,
  sessionId: 10,
  replyToSessionId: 12,
} as const satisfies Record<PropertyName, number>;

/** Those that AMQP writes as symbols; the others are texts. */
const SYMBOLS: ReadonlySet<PropertyName> = new Set(["contentType"]);

/** Names and encoded values. */
type Pairs = readonly (readonly [string, Buffer])[];

interface Rest {
  readonly deliveryAnnotations: Pairs;
  /** Its sections, whole. */
  readonly body: Buffer;
  readonly footer?: Buffer;
  readonly priority?: number;
  /** When it is enqueued, where that is later than its sender says. In milliseconds since the epoch. */
  readonly dueAt?: number;
}

/** The last time that there is, in milliseconds since the epoch. */
const LATEST = 8_640_000_000_000_000;

const SCHEDULED_ENQUEUE_TIME = "x-opt-scheduled-enqueue-time";

/** What a SQL action or a dead-lettering changes about a message. `null` removes. */
export interface Changes {
  readonly properties?: Readonly<Partial<Record<PropertyName, string>>>;
  /** Application properties, values encoded. */
  readonly applicationProperties?: ReadonlyMap<string, Buffer | null>;
  readonly annotations?: ReadonlyMap<string, Buffer>;
}

/**
 * What a sender sent. Nothing of it is decoded and encoded again but what a change names, so that every type survives the way through.
 */
export class Content {
  private constructor(
    private readonly propertyItems: readonly Buffer[],
    private readonly applicationPairs: Pairs,
    private readonly annotationPairs: Pairs,
    /** What passes through and is never looked at. */
    private readonly rest: Rest,
    /** In milliseconds; none: the entity's. */
    readonly timeToLive: number | undefined,
    /** In bytes, as sent. */
    readonly size: number,
  ) {}

  /** What its sender asked for. @default AMQP's own, 4 */
  get priority(): number | undefined {
    return this.rest.priority;
  }

  /** @throws MalformedAmqp */
  static of(bytes: Buffer): Content {
    const sections = sectionsOf(bytes);
    const [, priority, ttl] = sections.header === undefined ? [] : itemsOf(sections.header);
    const content = new Content(
      sections.properties === undefined ? [] : itemsOf(sections.properties),
      pairsOf(sections.applicationProperties),
      pairsOf(sections.annotations),
      {
        deliveryAnnotations: pairsOf(sections.deliveryAnnotations),
        body: sections.body,
        footer: sections.footer,
        priority: priority === undefined ? undefined : numberOf(decoded(priority)),
      },
      ttl === undefined ? undefined : numberOf(decoded(ttl)),
      bytes.length,
    );
    // Without an id the SDK cannot stop renewing the message's lock.
    return content.property("messageId") === undefined
      ? content.changed({ properties: { messageId: randomUUID().replaceAll("-", "") } })
      : content;
  }

  property(name: PropertyName): string | undefined {
    const item = this.propertyItems[PLACES[name]];
    if (item === undefined || item[0] === 0x40) return undefined;
    return textFrom(decoded(item));
  }

  /** The bytes of the largest application property's value. */
  get largestProperty(): number {
    return this.applicationPairs.reduce((most, [, value]) => Math.max(most, value.length), 0);
  }

  /** The bytes of all properties and annotations, names and values. */
  get headerSize(): number {
    const pairs = [...this.applicationPairs, ...this.annotationPairs];
    return (
      this.propertyItems.reduce((sum, { length }) => sum + length, 0) +
      pairs.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + value.length, 0)
    );
  }

  get messageId(): string {
    return this.property("messageId") ?? "";
  }

  get sessionId(): string | undefined {
    return this.property("sessionId");
  }

  /** An application property, decoded; `undefined` where there is none. */
  applicationProperty(name: string): unknown {
    // SQL names ignore case.
    const pair = this.applicationPairs.find(([key]) => key.toLowerCase() === name.toLowerCase());
    return pair === undefined ? undefined : decoded(pair[1]);
  }

  /** When it is to be enqueued, in milliseconds since the epoch. */
  get scheduledFor(): number | undefined {
    if (this.rest.dueAt !== undefined) return this.rest.dueAt;
    const pair = this.annotationPairs.find(([key]) => key === SCHEDULED_ENQUEUE_TIME);
    const at = pair === undefined ? undefined : decoded(pair[1]);
    const time = at instanceof Date ? at.getTime() : numberOf(at);
    if (time !== undefined && !(Math.abs(time) <= LATEST))
      throw new MalformedAmqp("a message is scheduled for no time");
    return time;
  }

  /** The same, enqueued at another time than its sender says. */
  dueAt(at: number): Content {
    return new Content(
      this.propertyItems,
      this.applicationPairs,
      this.annotationPairs,
      { ...this.rest, dueAt: at },
      this.timeToLive,
      this.size,
    );
  }

  changed({
    properties = {},
    applicationProperties = new Map<string, Buffer | null>(),
    annotations = new Map<string, Buffer>(),
  }: Changes): Content {
    const items = [...this.propertyItems];
    for (const [name, value] of Object.entries(properties) as [PropertyName, string][]) {
      while (items.length <= PLACES[name]) items.push(Buffer.from([0x40]));
      items[PLACES[name]] = SYMBOLS.has(name) ? symbol(value) : text(value);
    }
    const replaced = new Set([...applicationProperties.keys()].map((key) => key.toLowerCase()));
    return new Content(
      items,
      [
        ...this.applicationPairs.filter(([key]) => !replaced.has(key.toLowerCase())),
        ...[...applicationProperties].flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
      ],
      [...this.annotationPairs.filter(([key]) => !annotations.has(key)), ...annotations],
      this.rest,
      this.timeToLive,
      this.size,
    );
  }

  /** The message as a receiver gets it, behind a header and with the broker's annotations. */
  encoded(header: Buffer, annotations: Pairs, deliveryAnnotations: Pairs = []): Buffer {
    const { deliveryAnnotations: sent, body, footer } = this.rest;
    const parts = [header];
    if (sent.length + deliveryAnnotations.length > 0)
      parts.push(section("delivery-annotations", merged(sent, deliveryAnnotations)));
    parts.push(
      section("annotations", merged(this.annotationPairs, annotations)),
      section("properties", listOf(this.propertyItems)),
    );
    if (this.applicationPairs.length > 0) {
      parts.push(
        section("application-properties", map(this.applicationPairs.map(([key, value]) => [text(key), value]))),
      );
    }
    parts.push(body);
    if (footer !== undefined) parts.push(section("footer", footer));
    return Buffer.concat(parts);
  }
}

/** A map of symbols, with the broker's own over the sender's. */
function merged(sent: Pairs, own: Pairs): Buffer {
  const names = new Set(own.map(([key]) => key));
  const all = [...sent.filter(([key]) => !names.has(key)), ...own];
  return map(all.map(([key, value]) => [symbol(key), value]));
}

function listOf(items: readonly Buffer[]): Buffer {
  const size = items.reduce((sum, item) => sum + item.length, 0);
  const head = Buffer.allocUnsafe(9);
  head[0] = 0xd0;
  head.writeUInt32BE(size + 4, 1);
  head.writeUInt32BE(items.length, 5);
  return Buffer.concat([head, ...items], 9 + size);
}

function numberOf(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isFinite(number) || number < 0) throw new MalformedAmqp(`a ${typeof value} is no number`);
  return number;
}
