import type { GeneralClaim } from "../claim";
import { OWN_SERVERS } from "../reach/names";

/** What App Service needs of a subnet (learn.microsoft.com/azure/app-service/overview-vnet-integration). */
const DELEGATION = "microsoft.web/serverfarms";

export const appsStayInTheNetwork: GeneralClaim = {
  name: "apps-stay-in-the-network",
  why: "What an app sends leaves past the network, or its names resolve past the forwarders.",
  needs: "stacks",
  check: ({ model, reach }) =>
    model.apps.flatMap(({ name, subnetId, routesAll, settings, alwaysOn, kind, origin }) => {
      const says = (what: string) => ({ what: `${name} ${what}`, origin });
      return [
        ...(subnetId === undefined ? [says("is not integrated with a network")] : []),
        ...(subnetId === undefined || reach.lookup.subnet(subnetId).delegation?.toLowerCase() === DELEGATION
          ? []
          : [says(`is integrated with ${reach.lookup.subnet(subnetId).name}, which is not given over to App Service`)]),
        ...(routesAll ? [] : [says("sends what is not private past the network: vnet_route_all_enabled is off")]),
        ...OWN_SERVERS.filter((setting) => setting in settings).map((setting) =>
          says(`asks other DNS servers than the network's: ${setting} is set`),
        ),
        ...(kind === "function" && !alwaysOn
          ? [says("sleeps when no request comes, and takes no message then: always_on is off")]
          : []),
      ];
    }),
};
