import { createHash } from "node:crypto";

const HASH = 8;

/** A name within Azure's limit: what is longer keeps its beginning, and a hash of the whole keeps it unlike others. */
export function shortened(name: string, longest: number): string {
  if (name.length <= longest) return name;
  return `${name.slice(0, longest - HASH - 1)}-${hashOf(name)}`;
}

/** A host as a part of a rule's name, which takes no dots. A hyphen of its own, or a wildcard, gets a hash beside it: two hosts never have one name. */
export function hostInName(host: string, longest: number): string {
  const name = host.replace("*", "all").replaceAll(".", "-");
  return /[-*]/.test(host) ? shortened(`${name}-${hashOf(host)}`, longest) : shortened(name, longest);
}

/** Eight hex digits. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, HASH);
}
