import { decoded, endOfValue, itemsOf, MalformedAmqp, textFrom } from "./encoding";

/** The sections of an AMQP message by their descriptor codes (OASIS AMQP 1.0, part 3.2). */
const HEADER = 0x70;
const DELIVERY_ANNOTATIONS = 0x71;
const MESSAGE_ANNOTATIONS = 0x72;
const PROPERTIES = 0x73;
const APPLICATION_PROPERTIES = 0x74;
const DATA = 0x75;
const SEQUENCE = 0x76;
const VALUE = 0x77;
const FOOTER = 0x78;

/** A message's parts. Each is the section's value, still encoded; the body keeps its descriptors. */
export interface Sections {
  readonly header?: Buffer;
  readonly deliveryAnnotations?: Buffer;
  readonly annotations?: Buffer;
  readonly properties?: Buffer;
  readonly applicationProperties?: Buffer;
  readonly body: Buffer;
  readonly footer?: Buffer;
}

/** @throws MalformedAmqp */
export function sectionsOf(bytes: Buffer): Sections {
  const found = new Map<number, Buffer>();
  const body: Buffer[] = [];
  for (const { code, value, whole } of eachSection(bytes)) {
    if (code === DATA || code === SEQUENCE || code === VALUE) body.push(whole);
    else found.set(code, value);
  }
  return {
    header: found.get(HEADER),
    deliveryAnnotations: found.get(DELIVERY_ANNOTATIONS),
    annotations: found.get(MESSAGE_ANNOTATIONS),
    properties: found.get(PROPERTIES),
    applicationProperties: found.get(APPLICATION_PROPERTIES),
    body: body.length === 1 && body[0] ? body[0] : Buffer.concat(body),
    footer: found.get(FOOTER),
  };
}

/** The messages of a batch: each data section is one whole message. */
export function messagesOfBatch(bytes: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (const { code, value } of eachSection(bytes)) {
    if (code !== DATA) continue;
    const content = decoded(value);
    if (!Buffer.isBuffer(content)) throw new MalformedAmqp("a data section holds no bytes");
    messages.push(content);
  }
  return messages;
}

function* eachSection(bytes: Buffer): Generator<{ code: number; value: Buffer; whole: Buffer }> {
  let offset = 0;
  while (offset < bytes.length) {
    if (bytes[offset] !== 0x00) throw new MalformedAmqp("a section has no descriptor");
    const start = endOfValue(bytes, offset + 1);
    const end = endOfValue(bytes, start);
    const code = Number(decoded(bytes.subarray(offset + 1, start)));
    yield { code, value: bytes.subarray(start, end), whole: bytes.subarray(offset, end) };
    offset = end;
  }
}

/** A map's pairs, keys decoded and values not. */
export function pairsOf(map: Buffer | undefined): [key: string, value: Buffer][] {
  if (map === undefined) return [];
  const items = itemsOf(map);
  const pairs: [string, Buffer][] = [];
  for (let index = 0; index + 1 < items.length; index += 2) {
    pairs.push([textFrom(decoded(items[index] as Buffer)), items[index + 1] as Buffer]);
  }
  return pairs;
}

const DESCRIPTORS = {
  "delivery-annotations": DELIVERY_ANNOTATIONS,
  annotations: MESSAGE_ANNOTATIONS,
  properties: PROPERTIES,
  "application-properties": APPLICATION_PROPERTIES,
  footer: FOOTER,
};

/** A section of the given code. */
export function section(code: keyof typeof DESCRIPTORS, value: Buffer): Buffer {
  const descriptor = DESCRIPTORS[code];
  return Buffer.concat([Buffer.from([0x00, 0x53, descriptor]), value]);
}

/** The header that a receiver gets: it has no durable and no first-acquirer. @param priority none: its sender set none */
export function headerSection({
  ttl,
  deliveryCount,
  priority,
}: {
  ttl?: number;
  deliveryCount: number;
  priority?: number;
}): Buffer {
  const items = [
    NULL,
    priority === undefined ? NULL : Buffer.from([0x50, priority]),
    ttl === undefined ? NULL : uint(Math.min(ttl, 0xffff_ffff)),
    NULL,
    uint(deliveryCount),
  ];
  const list = Buffer.concat(items);
  return Buffer.concat([Buffer.from([0x00, 0x53, HEADER, 0xc0, list.length + 1, items.length]), list]);
}

const NULL = Buffer.from([0x40]);

function uint(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(5);
  bytes[0] = 0x70;
  bytes.writeUInt32BE(value, 1);
  return bytes;
}
