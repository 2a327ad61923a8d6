/** The policy zone's name in BIND's configuration, and its file. */
export const LISTED_ZONE = "listed";
export const LISTED_ZONE_FILE = "/etc/bind/listed.zone";

/**
 * BIND's response policy zone: of questions only those for these names are answered. What a listed name's answer leads to (CNAME) is followed; the same name asked for by itself is not.
 *
 * A wildcard of DNS does not reach below a name that exists, if only as the parent of another name. So each parent of a listed name refuses for itself: with
 * `servicebus.windows.net` listed and `*` refused, `elsewhere.windows.net` would be answered.
 *
 * @param names hosts; `*.zone` for every name under a zone
 */
export function listedZone(names: readonly string[]): string {
  const listed = new Set(names.map((name) => name.toLowerCase()));
  const covered = (name: string) => parentsOf(name).some((parent) => listed.has(`*.${parent}`));
  const parents = new Set([...listed].flatMap(parentsOf));
  const others = [...parents].flatMap((parent) => [parent, `*.${parent}`]).filter((name) => !listed.has(name));
  // A parent that a listed wildcard reaches is answered, too, and so is what is below it.
  const passed = [...listed, ...others.filter(covered)];
  const refused = others.filter((name) => !covered(name));
  const records = [
    ...passed.sort().map((name) => `${name} CNAME rpz-passthru.`),
    ...refused.sort().map((name) => `${name} CNAME .`),
    "* CNAME .",
  ];
  return `$TTL 60
@ IN SOA localhost. root.localhost. 1 3600 600 86400 60
@ IN NS localhost.
${records.join("\n")}
`;
}

/** `*.b.c` and `a.b.c` have `b.c` and `c`. */
function parentsOf(name: string): string[] {
  const labels = name.split(".");
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join("."));
}
