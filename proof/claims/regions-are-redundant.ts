import { groupIn } from "../../azure-facts/arm-ids";
import { armId } from "../../synthesized/arm-id";
import { all, type Located, strings } from "../../synthesized/resources";
import { flag, number, optionalText, partOf, partsIn } from "../../synthesized/views/attributes";
import type { DeclaredClaim, Violation } from "../claim";
import { originOf } from "../network/terraform/origins";

/** Where the topology asks for it, the loss of one zone stops nothing: each part is in two zones or more. */
export const regionsAreRedundant: DeclaredClaim = {
  name: "regions-are-redundant",
  why: "The loss of one availability zone stops the region.",
  needs: "topology",
  check: ({ stacks, topology }) => {
    const byGroup = new Map<string, Located[]>();
    for (const resource of all(stacks, ...TYPES)) {
      const key = `${resource.type} ${groupIn(armId(resource))}`;
      byGroup.set(key, [...(byGroup.get(key) ?? []), resource]);
    }
    return topology.stamps.flatMap(({ regions, plan }) =>
      regions.flatMap(({ zoneRedundant, resourceGroups }) => {
        const own = (type: string, group: string) => byGroup.get(`${type} ${group.toLowerCase()}`) ?? [];
        const network = (type: string) => own(type, resourceGroups.network);
        const workload = (type: string) => own(type, resourceGroups.workload);
        const machines = network("azurerm_linux_virtual_machine");
        const zones = new Set(machines.map(({ block }) => block.zone));
        const settings = workload("azurerm_monitor_autoscale_setting");
        const scaling = [
          ...settings.flatMap((setting) => [
            ...boundsOf(setting, plan),
            ...(flag(partOf(setting), "enabled", true) ? [] : [says(setting, "is switched off")]),
          ]),
          ...workload("azurerm_service_plan").flatMap((each) => [
            ...(settings.length > 0 ? [] : [says(each, "has no autoscale setting")]),
            ...(each.block.sku_name === plan.sku
              ? []
              : [says(each, `has the SKU ${String(each.block.sku_name)}, and the topology means ${plan.sku}`)]),
          ]),
        ];
        if (!zoneRedundant) return scaling;
        return [
          ...scaling,
          ...network("azurerm_firewall")
            .filter(({ block }) => new Set(strings(block, "zones")).size < 2)
            .map((firewall) => says(firewall, "is in fewer than two zones")),
          ...(machines.length === 0 || (zones.size >= 2 && !zones.has(undefined))
            ? []
            : machines.map((machine) => says(machine, "is not in another zone than the other forwarder"))),
          ...network("azurerm_public_ip")
            .filter(({ block }) => new Set(strings(block, "zones")).size < 2)
            .map((each) => says(each, "is in fewer than two zones")),
          ...machines
            .filter(({ block }) => block.priority === "Spot")
            .map((machine) => says(machine, "is a Spot machine, which Azure may take away")),
          ...workload("azurerm_service_plan")
            .filter(({ block }) => typeof block.worker_count === "number" && block.worker_count < 2)
            .map((each) => says(each, "has one worker, which is in one zone")),
          ...workload("azurerm_service_plan")
            .filter((each) => !flag(partOf(each), "zone_balancing_enabled", false))
            .map((each) => says(each, "does not spread its workers over zones")),
          ...workload("azurerm_storage_account")
            .filter(
              (each) =>
                !["ZRS", "GZRS", "RAGZRS"].includes(optionalText(partOf(each), "account_replication_type") ?? ""),
            )
            .map((each) => says(each, "is in one zone")),
        ];
      }),
    );
  },
};

const TYPES = [
  "azurerm_firewall",
  "azurerm_linux_virtual_machine",
  "azurerm_monitor_autoscale_setting",
  "azurerm_public_ip",
  "azurerm_service_plan",
  "azurerm_storage_account",
];

function says(resource: Located, what: string): Violation {
  return { what: `${String(resource.block.name)} ${what}`, origin: originOf(partOf(resource)) };
}

function boundsOf(
  setting: Located,
  plan: { readonly minimumWorkers: number; readonly maximumWorkers: number },
): Violation[] {
  return partsIn(partOf(setting), "profile").flatMap((profile) =>
    partsIn(profile, "capacity").flatMap((capacity) => {
      const [minimum, byDefault, maximum] = ["minimum", "default", "maximum"].map((key) => number(capacity, key));
      const holds = minimum === plan.minimumWorkers && byDefault === minimum && maximum === plan.maximumWorkers;
      return holds
        ? []
        : [
            says(
              setting,
              `keeps ${minimum}–${maximum} workers and starts with ${byDefault}, and the topology means ${plan.minimumWorkers}–${plan.maximumWorkers} and ${plan.minimumWorkers}`,
            ),
          ];
    }),
  );
}
