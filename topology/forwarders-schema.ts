import { z } from "zod";
import { dnsZoneName, field, hostPattern, ipAddress, says, sshPublicKey, vmSize } from "./fields";

const conditionalForwardSchema = z.strictObject({
  zone: field(dnsZoneName, "An on-premises zone. It is none of the zones that only Azure's resolver can answer."),
  servers: field(z.array(ipAddress).min(1), "The DNS servers that answer for the zone."),
});

const ADMIN_NAME = says(
  "1 to 31 lower-case letters, digits, hyphens and underscores, starting with a letter",
  "choose another name",
);

/** The DNS forwarders of a stamp. */
export const forwardersSchema = z.strictObject({
  sshPublicKey: field(
    sshPublicKey,
    "The public key of the VMs' administrator. No rule lets SSH in: the forwarders are configured by run command.",
  ),
  adminUsername: field(
    z
      .string(ADMIN_NAME)
      .regex(/^[a-z][-a-z0-9_]{0,30}$/, ADMIN_NAME)
      .default("forwarder"),
    "The name of the VMs' administrator.",
  ),
  vmSize: field(vmSize.default("Standard_B2s_v2"), "The size of the forwarders' VMs."),
  conditionalForwards: field(
    z.array(conditionalForwardSchema).default([]),
    "On-premises zones, and the servers that answer for them.",
  ),
  resolve: field(
    z.enum(["listed", "everything"]).default("listed"),
    "`listed`: the forwarders answer for the hosts of declared flows, for conditional forwards and for `alsoResolve`; a question for another name is answered with NXDOMAIN and logged. `everything`: they answer for every name of the Internet, so that data can leave in DNS questions.",
  ),
  alsoResolve: field(
    z.array(hostPattern).default([]),
    "Hosts that the forwarders also answer for. `*.zone` means every name below a zone.",
    { example: ["app-1a2b3c.westeurope-01.azurewebsites.net"] },
  ),
});
