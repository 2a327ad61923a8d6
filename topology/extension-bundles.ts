import type { Mistake } from "./mistake";
import type { Topology } from "./schema";

/** Where the way to the CDN is closed, the host finds no bundle, and not one function starts: the package has to bring its extensions. */
export function bundleMistakes({ stamps }: Topology, host: { readonly extensionBundle: boolean }): Mistake[] {
  if (!host.extensionBundle) return [];
  return stamps.flatMap(({ extensionBundlesFromCdn }, stamp) =>
    extensionBundlesFromCdn
      ? []
      : [
          {
            path: `stamps[${stamp}].extensionBundlesFromCdn`,
            got: "false",
            expected: "true, because functions/host.json has an extensionBundle, which the host loads from the CDN",
            fix: "take extensionBundle out of functions/host.json and put the extensions into the package, or set extensionBundlesFromCdn to true",
          },
        ],
  );
}
