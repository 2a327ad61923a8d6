import { createHash } from "node:crypto";

/** The same GUID for the same text: what Azure makes up, and a run must repeat. */
export function guidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
