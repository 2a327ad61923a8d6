import { typeIn } from "../../azure-facts/arm-ids";
import { placed, repeated, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import { OFFERED, offeredBy } from "../private-services";
import type { Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

type Service = Stamp["access"]["privateServices"][number];

/** An endpoint's address is planned: a kind of resource is taken whose part has one address, and each part once. */
export const privateServicesAreKnown: TopologyRule = (topology) =>
  stampsOf(topology).flatMap(({ at, it }) => {
    const services = placed<Service>(it.access?.privateServices, `${at}.access.privateServices`);
    return [
      ...services.flatMap((service) => mistakeIn(service.at, service.it)),
      ...repeated(
        services.map((service) => ({
          at: service.at,
          value: `${service.it.resourceId ?? ""} ${partOf(service.it)}`,
        })),
      ).map(({ at: path, first }) => ({
        path,
        got: "the same part of the same resource",
        expected: `another one than ${first}`,
        fix: "name it once",
      })),
    ];
  });

/** By its own name, also where it is left out because there is one. */
function partOf({ resourceId = "", subresource }: Partial<Service>): string {
  const [only, another] = offeredBy(resourceId);
  return subresource ?? (another ? "" : (only?.subresource ?? ""));
}

function mistakeIn(at: string, { resourceId, subresource }: Partial<Service>): Mistake[] {
  if (resourceId === undefined) return [];
  const offered = offeredBy(resourceId);
  if (offered.length === 0) {
    return [
      {
        path: `${at}.resourceId`,
        got: `a ${typeIn(resourceId) || "resource of an unknown kind"}`,
        expected: `one of ${OFFERED.join(", ")}, whose endpoints have one address each`,
        fix: "build the endpoint yourself, and name it in access.existingEndpoints",
      },
    ];
  }
  const parts = offered.map((each) => each.subresource);
  const isOne = parts.length === 1;
  if (subresource === undefined ? isOne : parts.includes(subresource)) return [];
  return [
    {
      path: `${at}.subresource`,
      got: subresource === undefined ? "nothing" : `"${subresource}"`,
      expected: isOne ? `${parts.join()}, or nothing` : `one of ${parts.join(", ")}`,
      fix: isOne ? "remove subresource" : "name the part that the apps use",
    },
  ];
}
