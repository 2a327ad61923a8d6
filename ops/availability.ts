import { type Sla, SLAS, together } from "../azure-facts/slas";
import { loadTopology } from "../topology/load";
import type { Region } from "../topology/schema";
import { run } from "./command";
import { table } from "./table";

/** Thirty days. */
const MINUTES_A_MONTH = 43_200;

run(() => {
  const rows = loadTopology().stamps.flatMap((stamp) =>
    stamp.regions.flatMap((region) => [
      row(region, "a message is accepted and processed", messagePath(region)),
      ...(stamp.egress.via === "firewall"
        ? [row(region, "telemetry arrives too", [...messagePath(region), firewallOf(region)])]
        : []),
    ]),
  );
  const used = [...new Set(rows.flatMap(({ slas }) => slas))];
  process.stdout.write(
    [
      "Products of the promised uptimes, if the services fail independently:",
      "",
      table(
        ["region", "what", "uptime", "minutes a month without it"],
        rows.map(({ cells }) => cells),
      ),
      "",
      table(
        ["service", "promised", "source", "read"],
        used.map(({ service, percent, source, read }) => [service, `${percent} %`, source, read]),
      ),
      "",
      "",
    ].join("\n"),
  );
});

/** Everything that has to work in a region for a message to get through it. */
function messagePath(region: Region): readonly Sla[] {
  // For VMs with Standard SSD disks outside of zones nothing is promised.
  const forwarders = region.zoneRedundant ? [SLAS.machinesInZones] : [];
  return [SLAS.privateDns, ...forwarders, SLAS.privateLink, SLAS.serviceBus, SLAS.appService, SLAS.storage];
}

function firewallOf({ zoneRedundant }: Region): Sla {
  return zoneRedundant ? SLAS.firewallInZones : SLAS.firewall;
}

function row({ location }: Region, what: string, slas: readonly Sla[]) {
  const percent = together(slas);
  const minutes = Math.ceil(((100 - percent) / 100) * MINUTES_A_MONTH);
  return { slas, cells: [location, what, `${percent.toFixed(3)} %`, minutes] };
}
