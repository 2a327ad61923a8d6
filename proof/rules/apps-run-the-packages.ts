import { OLDEST_NODE } from "../../azure-facts/functions-node";
import { all, placeOf } from "../../synthesized/resources";
import { flag, optionalText, partOf, partsIn } from "../../synthesized/views/attributes";
import type { ProofRule } from "../proof-rule";

/** The Functions host 4 with a Node that the packages run on, watched at the path where they say that they are well, for callers without certificates. */
export const appsRunThePackages: ProofRule = {
  name: "apps-run-the-packages",
  why: "The host does not load the package, restarts it for nothing, or refuses every caller.",
  check: (stacks) =>
    all(stacks, "azurerm_windows_function_app").flatMap((resource) => {
      const app = partOf(resource);
      const [site] = partsIn(app, "site_config");
      const [stack] = site ? partsIn(site, "application_stack") : [];
      const version = optionalText(app, "functions_extension_version");
      const node = stack && optionalText(stack, "node_version");
      const path = site && optionalText(site, "health_check_path");
      const asksForCertificates =
        flag(app, "client_certificate_enabled", false) && optionalText(app, "client_certificate_mode") === "Required";
      return [
        ...(version === undefined || version === "~4"
          ? []
          : [`runs on version ${version} of the Functions host, not ~4`]),
        ...(Number(node?.replace(/^~/, "") ?? 0) >= OLDEST_NODE
          ? []
          : [`runs on ${node === undefined ? "no Node" : `Node ${node}`}`]),
        ...(path === "/api/health" ? [] : [`is not watched at /api/health, where its package answers`]),
        ...(asksForCertificates ? ["refuses callers without a client certificate"] : []),
      ].map((what) => `${placeOf(resource)} ${what}`);
    }),
};
