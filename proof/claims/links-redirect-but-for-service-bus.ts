import { PRIVATE_LINK } from "../../azure-facts/private-link";
import type { DeclaredClaim } from "../claim";

/**
 * A linked zone of Private Link hides every public name below it. Other people's storage and sites have to stay resolvable; the namespaces' zone fails closed, so that a record that is
 * missing is seen at once and never leads past the endpoint.
 */
export const linksRedirectButForServiceBus: DeclaredClaim = {
  name: "links-redirect-but-for-service-bus",
  why: "A name that has no record in a linked zone does not resolve at all, or leads to a public address.",
  needs: "topology",
  check: ({ model }) =>
    model.zoneLinks.flatMap(({ zoneId, name, redirects, origin }) => {
      const zone = model.zones.find(({ id }) => id === zoneId)?.name ?? "";
      if (!zone.startsWith("privatelink.")) return [];
      const isBus = zone === PRIVATE_LINK.serviceBus.zone;
      if (redirects !== isBus) return [];
      const what = isBus
        ? `the link ${name} of ${zone} asks the public DNS for what has no record`
        : `the link ${name} of ${zone} hides every public name that has no record`;
      return [{ what, origin }];
    }),
};
