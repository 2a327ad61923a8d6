import { all, blocks, isSame, type Located, placeOf, referred } from "../../synthesized/resources";
import type { ProofRule } from "../proof-rule";

/** What a Functions host uses of its storage, each with logs of its own. */
const SERVICES = ["blobServices", "queueServices", "tableServices"] as const;

export const hostStorageIsLogged: ProofRule = {
  name: "host-storage-is-logged",
  why: "Who read or wrote the host's keys is not known afterwards.",
  check: (stacks) => {
    const settings = all(stacks, "azurerm_monitor_diagnostic_setting").filter(
      ({ block }) => blocks(block, "enabled_log").length > 0,
    );
    return all(stacks, "azurerm_storage_account").flatMap((account) =>
      SERVICES.filter((service) => !settings.some((setting) => isOf(setting, account, service))).map(
        (service) => `${placeOf(account)} has no diagnostic setting that sends logs of its ${service}`,
      ),
    );
  },
};

function isOf(setting: Located, account: Located, service: string): boolean {
  const target = setting.block.target_resource_id;
  return (
    typeof target === "string" &&
    target.endsWith(`/${service}/default`) &&
    isSame(referred(setting, target.slice(0, -`/${service}/default`.length)), account)
  );
}
