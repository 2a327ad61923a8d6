/** A lock token as a delivery tag: a GUID's bytes in .NET's order, its first three groups reversed. */
export function tagOf(token: string): Buffer {
  const bytes = Buffer.from(token.replaceAll("-", ""), "hex");
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
}

/** The lock token of a delivery tag. */
export function tokenOf(tag: Buffer): string {
  return uuid(
    Buffer.concat([
      Buffer.from(tag.subarray(0, 4)).reverse(),
      Buffer.from(tag.subarray(4, 6)).reverse(),
      Buffer.from(tag.subarray(6, 8)).reverse(),
      tag.subarray(8),
    ]),
  );
}

/** 16 bytes in the order of RFC 9562, as `$management` carries them. */
export function uuid(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

export function uuidBytes(token: string): Buffer {
  return Buffer.from(token.replaceAll("-", ""), "hex");
}
