/** For each type of resource, the checks that checkov has of it. Of a table, as `checkov --list` prints it. */
export function checksByType(list: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of list.split("\n")) {
    const [, , check = "", kind, type = ""] = line.split("|").map((cell) => cell.trim());
    if (kind !== "resource" || !type.startsWith("azurerm_") || DECIDED_ELSEWHERE.has(`${check} ${type}`)) continue;
    const checks = found.get(type) ?? new Set();
    found.set(type, checks.add(check));
  }
  return found;
}

/** Checks that checkov lists for a type and that decide nothing about a resource of it alone. */
const DECIDED_ELSEWHERE: ReadonlySet<string> = new Set([
  // About the machine's network interface, which has the record.
  "CKV2_AZURE_39 azurerm_linux_virtual_machine",
  // About the account's network rules. Without any, and without public access, there is nothing to check.
  "CKV_AZURE_35 azurerm_storage_account",
  // About containers, tables and workspaces of the account that are resources of their own.
  "CKV2_AZURE_8 azurerm_storage_account",
  "CKV2_AZURE_20 azurerm_storage_account",
  "CKV2_AZURE_21 azurerm_storage_account",
  "CKV2_AZURE_50 azurerm_storage_account",
]);
