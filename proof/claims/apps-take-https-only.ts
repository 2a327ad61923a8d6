import { all } from "../../synthesized/resources";
import { flag, optionalText, partOf, partsIn } from "../../synthesized/views/attributes";
import type { GeneralClaim } from "../claim";
import { originOf } from "../network/terraform/origins";
import { SITES } from "../network/terraform/apps";

/** An app runs, and speaks nothing but HTTPS: no plain HTTP, no FTP, no debugger. */
export const appsTakeHttpsOnly: GeneralClaim = {
  name: "apps-take-https-only",
  why: "What is sent to the app, or its code, can be read on the way; or the app does not run at all.",
  needs: "stacks",
  check: ({ stacks }) =>
    all(stacks, ...Object.keys(SITES)).flatMap((resource) => {
      const app = partOf(resource);
      const [site] = partsIn(app, "site_config");
      const says = (what: string) => ({ what: `${String(resource.block.name)} ${what}`, origin: originOf(app) });
      return [
        ...(flag(app, "enabled", true) ? [] : [says("is switched off")]),
        ...(flag(app, "https_only", false) ? [] : [says("takes plain HTTP: https_only is off")]),
        ...(site && optionalText(site, "ftps_state") === "AllAllowed"
          ? [says("takes FTP without TLS: ftps_state is AllAllowed")]
          : []),
        ...(site && flag(site, "remote_debugging_enabled", false) ? [says("lets a debugger in")] : []),
      ];
    }),
};
