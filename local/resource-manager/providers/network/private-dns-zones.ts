import { nameIn } from "../../../../azure-facts/arm-ids";
import { suffixOfZone } from "../../../../azure-facts/private-link";
import {
  type ArmDocument,
  type Body,
  bodiesOf,
  bodyOf,
  propertiesOf,
  referenceOf,
  stringOf,
  stringsOf,
} from "../../../azure/document";
import type { Arm } from "../../arm/arm";
import { badRequest, conflict } from "../../arm/fault";
import { isWithin, sameId } from "../../arm/resource-id";
import type { ResourceType, WriteRule } from "../../arm/resource-type";

const ZONES = "Microsoft.Network/privateDnsZones";
const LINKS = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";
const RECORDS = "Microsoft.Network/privateDnsZones/A";
const GROUPS = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";

/** learn.microsoft.com/azure/dns/private-dns-privatednszone#restrictions: links go first. */
const noLinkLeft = ({ arm, document }: { arm: Arm; document: ArmDocument }) => {
  if (!arm.all(LINKS).some(({ id }) => isWithin(id, document.id))) return;
  throw conflict(
    "CannotDeleteResource",
    `Can not delete resource before nested resources are deleted. Resource: ${document.id}; nested: virtualNetworkLinks.`,
  );
};

export const privateDnsZones: ResourceType = {
  type: ZONES,
  longRunning: true,
  naming: {
    pattern: /^([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i,
    code: "InvalidDomainName",
    says: "two labels or more, each of up to 63 letters, digits and hyphens",
  },
  removalRules: [noLinkLeft],
  stored: ({ arm, path, body }) => ({
    ...body,
    properties: {
      ...propertiesOf(body),
      maxNumberOfRecordSets: 25_000,
      numberOfRecordSets: 1 + recordSetsIn(arm, path.id).length,
    },
  }),
};

const networkExists: WriteRule = ({ arm, path, body }) => {
  arm.need(referenceOf(propertiesOf(body), "virtualNetwork") ?? "", path.id);
};

/** A network asks one zone of a name (learn.microsoft.com/azure/private-link/private-link-faq). */
const oneZoneOfAName: WriteRule = ({ arm, path, body }) => {
  const network = referenceOf(propertiesOf(body), "virtualNetwork") ?? "";
  const zone = nameIn(path.parent);
  const other = arm
    .all(LINKS)
    .find(
      (link) =>
        !sameId(link.id, path.id) &&
        sameId(referenceOf(propertiesOf(link), "virtualNetwork") ?? "", network) &&
        sameId(nameIn(zoneOf(link)), zone),
    );
  if (!other) return;
  throw badRequest(
    "BadRequest",
    `A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network with '${nameIn(zoneOf(other))}' and '${zone}' zones.`,
  );
};

function zoneOf({ id }: ArmDocument): string {
  return id.replace(/\/virtualNetworkLinks\/[^/]+$/i, "");
}

export const virtualNetworkLinks: ResourceType = {
  type: LINKS,
  longRunning: true,
  rules: [networkExists, oneZoneOfAName],
  stored: ({ body }) => ({ ...body, properties: { ...propertiesOf(body), virtualNetworkLinkState: "Completed" } }),
  written: (arm, link) => {
    const zoneId = zoneOf(link);
    arm.azure.zoneLinks.put({
      id: link.id,
      zoneId,
      networkId: referenceOf(propertiesOf(link), "virtualNetwork") ?? "",
      zone: nameIn(zoneId).toLowerCase(),
      redirects: propertiesOf(link).resolutionPolicy === "NxDomainRedirect",
    });
  },
  removed: ({ azure }, { id }) => {
    azure.zoneLinks.remove(id);
  },
};

/** Every zone has one. */
export const startOfAuthority: ResourceType = {
  type: "Microsoft.Network/privateDnsZones/SOA",
  absent: (arm, { parent, name }) =>
    arm.get(parent) && name === "@"
      ? {
          properties: {
            ttl: 3600,
            fqdn: `${nameIn(parent)}.`,
            isAutoRegistered: false,
            soaRecord: {
              email: "azureprivatedns-host.microsoft.com",
              expireTime: 2_419_200,
              host: "azureprivatedns.net",
              minimumTtl: 10,
              refreshTime: 3600,
              retryTime: 300,
              serialNumber: 1,
            },
          },
        }
      : undefined,
};

/** The records that zone groups write, and those that others do. */
export const addressRecords: ResourceType = {
  type: RECORDS,
  stateful: false,
  backing: {
    all: (arm) => arm.all(ZONES).flatMap(({ id }) => recordSetsIn(arm, id)),
    put: ({ azure }, { id, name, properties }) => {
      const { ttl, aRecords, metadata } = propertiesOf({ properties });
      azure.records.put({
        id,
        zoneId: id.replace(/\/A\/[^/]+$/, ""),
        label: name.toLowerCase(),
        addresses: bodiesOf({ aRecords }, "aRecords").map(({ ipv4Address }) => String(ipv4Address)),
        ttl: Number(ttl),
        metadata: bodyOf({ metadata }, "metadata"),
      });
    },
    // What zone groups wrote goes with them.
    remove: ({ azure }, { id }) => {
      azure.records.remove(id);
    },
  },
};

function recordSetsIn(arm: Arm, zone: string): ArmDocument[] {
  const records = new Map<string, ArmDocument>();
  const put = (label: string, ttl: unknown, addresses: readonly string[], metadata: Body = {}) => {
    records.set(label, {
      id: `${zone}/A/${label}`,
      name: label,
      type: RECORDS,
      properties: {
        ttl,
        fqdn: label === "@" ? `${nameIn(zone)}.` : `${label}.${nameIn(zone)}.`,
        isAutoRegistered: false,
        metadata,
        aRecords: addresses.map((ipv4Address) => ({ ipv4Address })),
      },
    });
  };
  for (const { zoneId, label, addresses, ttl = 300, metadata } of arm.azure.records.all()) {
    if (sameId(zoneId, zone)) put(label, ttl, addresses, metadata);
  }
  for (const group of arm.all(GROUPS)) {
    for (const config of bodiesOf(propertiesOf(group), "privateDnsZoneConfigs")) {
      if (!sameId(stringOf(propertiesOf(config), "privateDnsZoneId") ?? "", zone)) continue;
      for (const { recordSetName, ipAddresses, ttl } of bodiesOf(propertiesOf(config), "recordSets")) {
        // The later of two endpoints of one name has the record.
        put(String(recordSetName), ttl, stringsOf({ ipAddresses }, "ipAddresses"));
      }
    }
  }
  return [...records.values()];
}

/** What a zone group writes into a zone for an endpoint's names: those whose public suffix is the zone's. */
export function recordsOf(zoneId: string, fqdns: readonly string[], address: string): Body[] {
  const zone = nameIn(zoneId).toLowerCase();
  const suffix = suffixOfZone(zone) ?? zone;
  return fqdns
    .filter((fqdn) => fqdn.endsWith(`.${suffix}`))
    .map((fqdn) => {
      const recordSetName = fqdn.slice(0, -suffix.length - 1);
      return {
        recordType: "A",
        recordSetName,
        fqdn: `${recordSetName}.${zone}`,
        ttl: 10,
        ipAddresses: [address],
        provisioningState: "Succeeded",
      };
    });
}
