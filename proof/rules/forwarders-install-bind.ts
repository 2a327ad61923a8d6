import { all, placeOf } from "../../synthesized/resources";
import { partOf, text } from "../../synthesized/views/attributes";
import { forwardersIn } from "../../synthesized/views/forwarder";
import type { ProofRule } from "../proof-rule";

/** The words that install BIND at the first boot, wherever in cloud-init they are. */
const INSTALLS = /apt-get\b[^\n"]*\binstall\b[^\n"]*\bbind9\b|"packages":\s*\[[^\]]*"bind9"/;

/** A machine that a run command configures as a forwarder installs BIND by its cloud-init, which runs something. */
export const forwardersInstallBind: ProofRule = {
  name: "forwarders-install-bind",
  why: "The run command waits for BIND and fails, and no name of the region resolves.",
  check: (stacks) => {
    const machines = new Set(all(stacks, "azurerm_linux_virtual_machine").map(placeOf));
    return forwardersIn(stacks)
      .filter(({ script, resource }) => script?.includes("NAMED_CONF") === true && machines.has(placeOf(resource)))
      .filter(({ resource }) => {
        if (typeof resource.block.custom_data !== "string") return true;
        const cloudInit = Buffer.from(text(partOf(resource), "custom_data"), "base64").toString();
        return !INSTALLS.test(cloudInit) || !/runcmd|packages/.test(cloudInit);
      })
      .map(({ resource }) => `${placeOf(resource)} does not install BIND by its custom_data`);
  },
};
