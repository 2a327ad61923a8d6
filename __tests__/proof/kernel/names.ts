import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AZURE_RESOLVER } from "../../../azure-facts/addresses";
import { nameIn } from "../../../azure-facts/arm-ids";
import type { Endpoint, Model } from "../../../proof/network/model";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { forwardersIn } from "../../../synthesized/views/forwarder";
import { found, type PublicHost } from "./hosts";

const HEAD = "$TTL 0\n@ IN SOA ns. host. 1 1 1 1 0\n@ IN NS ns.\n";

/**
 * Azure's resolver as one named, with a view for each network: the zones that are linked to it, and the public DNS. Writes its files into a folder.
 *
 * @param isFailedOver whether aliases lead to the partner
 * @returns the path of its configuration
 */
export function azureNamed(
  model: Model,
  publicHosts: readonly PublicHost[],
  isFailedOver: boolean,
  folder: string,
): string {
  const prefix = isFailedOver ? "after" : "before";
  const file = (name: string, text: string) => {
    const path = join(folder, `${prefix}-${name}`.replaceAll("/", "_"));
    writeFileSync(path, text);
    return path;
  };
  const root = file(
    "root.zone",
    `${HEAD}ns. IN A 127.0.0.1\n${publicRecords(model, publicHosts, isFailedOver).join("\n")}\n`,
  );
  const zone = (name: string, path: string) => `zone "${name}" { type primary; file "${path}"; };`;
  const views = model.networks.map(({ prefixes }, index) => {
    const { id } = found(model.networks[index]);
    const zones = model.zoneLinks
      .filter(({ networkId }) => networkId === id)
      .flatMap(({ zoneId, redirects }) => {
        const name = nameIn(zoneId);
        const records = recordsIn(zoneId, model);
        // What has no record in it is asked of the public DNS, so each record is a zone of its own.
        if (redirects)
          return records.map(([label, address]) =>
            zone(`${label}.${name}`, file(`${index}-${label}.${name}`, `${HEAD}@ IN A ${address}\n`)),
          );
        const lines = records.map(([label, address]) => `${label} IN A ${address}`);
        return [zone(name, file(`${index}-${name}`, `${HEAD}${lines.join("\n")}\n`))];
      });
    return `view "network-${index}" { match-clients { ${prefixes.map((block) => `${block};`).join(" ")} }; recursion yes; ${zone(".", root)} ${zones.join("\n")} };`;
  });
  return file(
    "azure.conf",
    `options { directory "${folder}"; listen-on { ${AZURE_RESOLVER}; }; listen-on-v6 { none; }; pid-file none; session-keyfile "${folder}/${prefix}.key"; allow-query { any; }; allow-recursion { any; }; dnssec-validation no; };\ncontrols {};\n${views.join("\n")}\n`,
  );
}

/** The addresses that endpoints' zone groups and the stacks write, by label. */
function recordsIn(zoneId: string, { endpoints, records }: Model): (readonly [label: string, address: string])[] {
  return [
    ...endpoints
      .filter(({ zoneIds }) => zoneIds.includes(zoneId))
      .flatMap((endpoint) => labelsOf(endpoint, nameIn(zoneId)).map((label) => [label, endpoint.address] as const)),
    ...records
      .filter((record) => record.zoneId === zoneId)
      .flatMap(({ label, addresses }) => addresses.map((address) => [label, address] as const)),
  ];
}

/** A site has its SCM host beside its own. */
function labelsOf({ targetId }: Endpoint, zone: string): string[] {
  const name = nameIn(targetId);
  return zone === "privatelink.azurewebsites.net" ? [name, `${name}.scm`] : [name];
}

function publicRecords(
  { endpoints, aliases }: Model,
  publicHosts: readonly PublicHost[],
  isFailedOver: boolean,
): string[] {
  const linked = endpoints.flatMap((endpoint) =>
    endpoint.zoneIds.flatMap((zoneId) => {
      const zone = nameIn(zoneId);
      return labelsOf(endpoint, zone).map((label) => ({ label, zone, suffix: zone.replace(/^privatelink\./, "") }));
    }),
  );
  const lines = linked.flatMap(({ label, zone, suffix }) => [
    `${label}.${suffix}. IN CNAME ${label}.${zone}.`,
    `${label}.${zone}. IN A ${PUBLIC_ADDRESS}`,
  ]);
  return [
    ...new Set(lines),
    ...aliases.map(({ name, primaryId, partnerId }) => {
      const leads = nameIn(isFailedOver ? (partnerId ?? primaryId) : primaryId);
      return `${name}.servicebus.windows.net. IN CNAME ${leads}.servicebus.windows.net.`;
    }),
    ...publicHosts.map(({ name, address }) => `${name}. IN A ${address}`),
  ];
}

/** Of every resource of Azure. */
export const PUBLIC_ADDRESS = "192.0.2.80";

/** Each forwarder's BIND as it is delivered. Where it writes its own files is another place; everything it answers by is as deployed. */
export function forwarderConfigurations(stacks: readonly SynthesizedStack[], folder: string): Map<string, string> {
  return new Map(
    forwardersIn(stacks).map(({ addresses: [address = ""], script = "" }) => {
      const cut = (mark: string) => new RegExp(`<< '${mark}'\n([\\s\\S]*?)\n${mark}\n`).exec(script)?.[1] ?? "";
      const path = (name: string) => join(folder, `${address}-${name}`);
      writeFileSync(path("listed.zone"), cut("LISTED_ZONE"));
      const conf = cut("NAMED_CONF")
        .replace(
          'directory "/var/cache/bind";',
          `directory "${folder}"; pid-file none; session-keyfile "${path("key")}";`,
        )
        .replace("/etc/bind/listed.zone", path("listed.zone"))
        .replace("syslog daemon", `file "${path("refusals.log")}"`);
      writeFileSync(path("named.conf"), `${conf}\ncontrols {};\n`);
      return [address, path("named.conf")] as const;
    }),
  );
}
