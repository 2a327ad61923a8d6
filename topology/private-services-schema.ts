import { z } from "zod";
import { WHY } from "./egress-fields";
import { field, hostName, ipAddress, location, text, whole } from "./fields";

const resourceId = text(
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[A-Za-z.]+\/[A-Za-z]+\/[A-Za-z0-9-]+$/,
  "the ARM id of a resource",
  "copy it from az resource show --query id",
);

/** A service of the user's own, for which an endpoint is built in each spoke. */
export const privateServiceSchema = z.strictObject({
  resourceId: field(
    resourceId,
    "The ARM id of a SQL server, a key vault or a storage account. It may be in another subscription of the tenant.",
    {
      example:
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/orders-rg/providers/Microsoft.Sql/servers/orders",
    },
  ),
  subresource: field(
    z.string().optional(),
    "The part of the resource that the endpoint leads to, by Private Link's name. Needed for storage: `blob`, `table`, `queue`, `dfs`, or `file` for its REST interface.",
    { example: "blob" },
  ),
  approval: field(
    z.enum(["automatic", "by-owner"]).default("automatic"),
    "`automatic`: who deploys may approve connections of the resource. `by-owner`: its owner approves each endpoint; the owner's list says which.",
    { example: "by-owner" },
  ),
  why: field(WHY, "Why the apps need it. It is the description of the rules.", {
    example: "Orders are kept there.",
  }),
});

/** An endpoint that exists somewhere beyond the spoke. */
export const existingEndpointSchema = z.strictObject({
  hosts: field(z.array(hostName).min(1), "The names by which the apps know it.", {
    example: ["ledger.internal.example.com"],
  }),
  addresses: field(
    z.array(ipAddress).min(1),
    "Its addresses: in the hub, or beyond it, where the hub's firewall or gateway leads to them.",
    { example: ["10.200.5.4"] },
  ),
  ports: field(z.array(whole(1, 65_535)).min(1).default([443]), "The TCP ports.", { example: [1433] }),
  regions: field(
    z.array(location).min(1).optional(),
    "The regions whose apps use it by these addresses. Without a value all do.",
    { example: ["eastus2"] },
  ),
  why: field(WHY, "Why the apps need it. It is the description of the rules.", {
    example: "Orders are booked in the ledger.",
  }),
});
