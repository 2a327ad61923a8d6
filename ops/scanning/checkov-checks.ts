/** For each type of resource, the checks that checkov has of it. Of a table, as `checkov --list` prints it. */
export function checksByType(list: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of list.split("\n")) {
    const [, , check = "", kind, type = ""] = line.split("|").map((cell) => cell.trim());
    if (kind !== "resource" || !type.startsWith("azurerm_")) continue;
    const checks = found.get(type) ?? new Set();
    found.set(type, checks.add(check));
  }
  return found;
}
