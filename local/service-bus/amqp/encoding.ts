import { types } from "rhea";

/** rhea's reader, which its typings leave out. */
const { Reader } = types as unknown as { Reader: new (bytes: Buffer) => { read(): unknown } };

/**
 * AMQP 1.0 values as bytes (OASIS AMQP 1.0, part 1: Types). A message that passes through the broker keeps the bytes its sender wrote; only
 * what the broker itself adds is encoded here.
 */

/** Bytes that are no AMQP. */
export class MalformedAmqp extends Error {
  override name = "MalformedAmqp";
}

/** More than any message needs. */
const DEEPEST = 32;

/** A decoded value that is to be a text: names, ids. Numbers and bytes are taken too. @throws MalformedAmqp */
export function textFrom(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw new MalformedAmqp("a text is expected");
}

/** Where the value that starts at `offset` ends. */
export function endOfValue(bytes: Buffer, offset: number, depth = 0): number {
  const code = byteAt(bytes, offset);
  if (depth > DEEPEST) throw new MalformedAmqp("descriptors describe one another too deeply");
  if (code === 0x00) return endOfValue(bytes, endOfValue(bytes, offset + 1, depth + 1), depth + 1);
  const start = offset + 1;
  const end = start + lengthAt(bytes, code, start);
  if (end > bytes.length) throw new MalformedAmqp(`a value of type 0x${code.toString(16)} is cut off`);
  return end;
}

function lengthAt(bytes: Buffer, code: number, start: number): number {
  // The high half of the code says how wide the value is.
  switch (code >> 4) {
    case 0x4:
      return 0;
    case 0x5:
      return 1;
    case 0x6:
      return 2;
    case 0x7:
      return 4;
    case 0x8:
      return 8;
    case 0x9:
      return 16;
    case 0xa:
    case 0xc:
    case 0xe:
      return 1 + byteAt(bytes, start);
    case 0xb:
    case 0xd:
    case 0xf:
      if (start + 4 > bytes.length) throw new MalformedAmqp("a length is cut off");
      return 4 + bytes.readUInt32BE(start);
    default:
      throw new MalformedAmqp(`0x${code.toString(16)} is no type`);
  }
}

function byteAt(bytes: Buffer, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new MalformedAmqp("the bytes end too early");
  return byte;
}

/** The items of an encoded list or map, undecoded: a map's are its keys and values in turn. */
export function itemsOf(bytes: Buffer): Buffer[] {
  const code = byteAt(bytes, 0);
  if (code === 0x45) return [];
  const small = code === 0xc0 || code === 0xc1;
  if (!small && code !== 0xd0 && code !== 0xd1) throw new MalformedAmqp(`0x${code.toString(16)} is no list and no map`);
  if (bytes.length < (small ? 3 : 9)) throw new MalformedAmqp("a list is cut off");
  const count = small ? byteAt(bytes, 2) : bytes.readUInt32BE(5);
  const items: Buffer[] = [];
  let offset = small ? 3 : 9;
  for (let index = 0; index < count; index += 1) {
    const end = endOfValue(bytes, offset);
    items.push(bytes.subarray(offset, end));
    offset = end;
  }
  return items;
}

/** One value, decoded. */
export function decoded(bytes: Buffer): unknown {
  try {
    return types.unwrap(new Reader(bytes).read()) as unknown;
  } catch (error) {
    throw new MalformedAmqp(`a value cannot be read: ${String(error)}`);
  }
}

export function symbol(text: string): Buffer {
  return variable(0xa3, 0xb3, Buffer.from(text, "ascii"));
}

export function text(value: string): Buffer {
  return variable(0xa1, 0xb1, Buffer.from(value, "utf8"));
}

export function long(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = 0x81;
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes;
}

export function double(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = 0x82;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

export function int(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(5);
  bytes[0] = 0x71;
  bytes.writeInt32BE(value, 1);
  return bytes;
}

export function boolean(value: boolean): Buffer {
  return Buffer.from([value ? 0x41 : 0x42]);
}

export function uuid(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x98]), Buffer.from(value.replaceAll("-", ""), "hex")]);
}

/** @param at milliseconds since the epoch */
export function timestamp(at: number): Buffer {
  const bytes = long(at);
  bytes[0] = 0x83;
  return bytes;
}

export function map(pairs: readonly (readonly [key: Buffer, value: Buffer])[]): Buffer {
  const items = pairs.flat();
  const size = items.reduce((sum, item) => sum + item.length, 0);
  const head = Buffer.allocUnsafe(9);
  head[0] = 0xd1;
  head.writeUInt32BE(size + 4, 1);
  head.writeUInt32BE(items.length, 5);
  return Buffer.concat([head, ...items], 9 + size);
}

function variable(small: number, large: number, content: Buffer): Buffer {
  if (content.length < 256) return Buffer.concat([Buffer.from([small, content.length]), content]);
  const head = Buffer.allocUnsafe(5);
  head[0] = large;
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, content]);
}
