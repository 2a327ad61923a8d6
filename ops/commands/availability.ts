import { type Sla, SLAS, SLAS_READ, together } from "../../azure-facts/slas";
import { loadTopology } from "../../topology/load";
import type { Region } from "../../topology/schema";
import { command, run } from "../frame/command";
import { json } from "../frame/options";
import { table } from "../frame/table";

/** Thirty days. */
const MINUTES_A_MONTH = 43_200;

run(
  command({
    name: "npm run availability --",
    description: "Multiplies the uptimes that Microsoft promises for the services on a message's path.",
    examples: [["npm run availability", "the topology's regions"]],
  })
    .option("--json", "print the numbers as JSON, and nothing else")
    .action((options: { json?: boolean }) => {
      availability(options);
    }),
);

function availability(options: { json?: boolean }): void {
  const { stamps } = loadTopology();
  const rows = stamps.flatMap((stamp) =>
    stamp.regions.flatMap((region) => {
      const place = { ...(stamps.length > 1 ? { stamp: stamp.name ?? "" } : {}), region: region.location };
      return [
        row(place, "a message is accepted and processed", messagePath(region)),
        ...(stamp.egress.via === "firewall" && region.hub
          ? [row(place, "the firewall works too, for telemetry", [...messagePath(region), firewallOf(region)])]
          : []),
      ];
    }),
  );
  const notCounted = [
    ...(stamps.some(({ regions }) => regions.some(({ existingHub }) => existingHub !== undefined))
      ? ["hubs that exist: their DNS servers, and their filter"]
      : []),
    ...(stamps.some(({ regions }) => regions.some(({ hub, zoneRedundant }) => hub && !zoneRedundant))
      ? ["the forwarders of a region without zones: for VMs with Standard SSD disks no promise was found"]
      : []),
    ...(stamps.some(({ egress }) => egress.via !== "firewall")
      ? ["egress by on-premises: the gateway, the connection and what is behind it"]
      : []),
    "Azure Monitor, which takes the telemetry: no promise for ingestion was found",
  ];
  const used = [...new Set(rows.flatMap(({ slas }) => slas))];
  if (options.json) {
    const products = rows.map(({ slas: _slas, ...row }) => row);
    process.stdout.write(json({ products, promised: used, read: SLAS_READ, notCounted }));
    return;
  }
  process.stdout.write(
    [
      "Product of the promised uptimes, if the services fail independently of each other:",
      "",
      table(
        [...(stamps.length > 1 ? ["stamp"] : []), "region", "what", "uptime", "minutes lost a month"],
        rows.map(({ stamp, region, what, percent, minutes }) => [
          ...(stamps.length > 1 ? [stamp ?? ""] : []),
          region,
          what,
          `${percent.toFixed(3)} %`,
          minutes,
        ]),
      ),
      "",
      table(
        ["service", "promised", "agreement of", "source"],
        used.map(({ service, percent, dated, source }) => [service, `${percent} %`, dated, source]),
      ),
      "",
      `The sources were read on ${SLAS_READ}. Microsoft publishes newer agreements: check them before you promise anything.`,
      "",
      "Not counted:",
      ...notCounted.map((what) => `  ${what}`),
      "",
      "",
    ].join("\n"),
  );
}

/** Everything that has to work in a region for a message to get through it. */
function messagePath(region: Region): readonly Sla[] {
  const forwarders = region.hub && region.zoneRedundant ? [SLAS.machinesInZones] : [];
  return [SLAS.entra, SLAS.privateDns, ...forwarders, SLAS.privateLink, SLAS.serviceBus, SLAS.appService, SLAS.storage];
}

function firewallOf({ zoneRedundant }: Region): Sla {
  return zoneRedundant ? SLAS.firewallInZones : SLAS.firewall;
}

function row(place: { readonly stamp?: string; readonly region: string }, what: string, slas: readonly Sla[]) {
  const percent = together(slas);
  return { ...place, what, slas, percent, minutes: Math.ceil(((100 - percent) / 100) * MINUTES_A_MONTH) };
}
