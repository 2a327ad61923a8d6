import { z } from "zod";
import { WHY } from "./egress-fields";
import { cidr, entityName, field, guid, hostPattern, says, whole } from "./fields";
import { existingEndpointSchema, privateServiceSchema } from "./private-services-schema";

const senderSchema = z.strictObject({
  principalId: field(guid, "The object id of an Entra identity: a managed identity, a service principal or a group.", {
    example: "99999999-8888-7777-6666-555555555555",
  }),
  principalType: field(
    z.enum(["ServicePrincipal", "Group", "User"]).default("ServicePrincipal"),
    "The kind of identity.",
    { example: "Group" },
  ),
  entities: field(z.array(entityName).min(1), "The queues and topics that it may send to.", { example: ["queue1"] }),
});

const operatorSchema = z.strictObject({
  principalId: field(guid, "The object id of an Entra identity: a group, a user or a service principal.", {
    example: "12121212-3434-5656-7878-909090909090",
  }),
  principalType: field(z.enum(["Group", "User", "ServicePrincipal"]).default("Group"), "The kind of identity.", {
    example: "User",
  }),
  entities: field(
    z.array(entityName).min(1).optional(),
    "The queues and topics whose messages it may read, move and send. Without a value all of the stamp.",
    { example: ["queue1"] },
  ),
});

const operatorsSchema = z.strictObject({
  ranges: field(
    z.array(cidr).default([]),
    "Private ranges that people on call connect from: to every namespace, and to the health of their region's apps. They can be where callers can be.",
    { example: ["10.1.2.144/28"] },
  ),
  principals: field(
    z.array(operatorSchema).default([]),
    "Who is on call. They get Azure Service Bus Data Receiver and Data Sender on their entities, in every namespace.",
  ),
});

const MOST_SERVICES = says(
  "5 entries at most",
  "remove some, or make endpoints of your own and name them in existingEndpoints: the last /28 of workloadSubnet has room for five",
);

const ownEgressSchema = z.strictObject({
  hosts: field(z.array(hostPattern).min(1), "The hosts. `*.example.com` means every host below a domain.", {
    example: ["api.example.com"],
  }),
  port: field(whole(1, 65_535).default(443), "The port.", { example: 8443 }),
  protocol: field(
    z.enum(["https", "http"]).default("https"),
    "`https`: anything over TLS that names its server. `http`: plain HTTP. A firewall knows the host by these only.",
    { example: "http" },
  ),
  why: field(WHY, "Why the apps need it. It is the description of the rules.", {
    example: "Orders are confirmed by the payment provider.",
  }),
});

/** Who may send, call and publish, beside the stamp's own apps. */
export const accessSchema = z.strictObject({
  producersInWorkloadSubnet: field(
    z.boolean().default(false),
    "Whether hosts in `workloadSubnet` may send to Service Bus and post to the producer app.",
  ),
  callers: field(
    z.array(cidr).default([]),
    "Private ranges that may call the producer app. They are in `workloadSubnet`, in the hub, or beyond both, where they come through the hub's firewall or gateway.",
  ),
  senders: field(
    z.array(senderSchema).default([]),
    "Identities that may send beside the producer app. They get Azure Service Bus Data Sender on their entities, in every namespace.",
  ),
  operators: field(
    operatorsSchema.prefault({}),
    "People on call: they fail over and move messages, by `npm run failover`, `npm run failback` and `npm run dead-letters`.",
  ),
  egress: field(
    z.array(ownEgressSchema).default([]),
    "Hosts on the Internet that the apps may reach, beside those that the design needs. Each is allowed in the NSG and in the firewall, and the forwarders answer for its name.",
  ),
  privateServices: field(
    z.array(privateServiceSchema).max(5, MOST_SERVICES).default([]),
    "Services of your own that the apps use by private endpoints. Each gets an endpoint in every spoke, its name, and the rules. An entry's place in the list is its address: append new ones.",
  ),
  existingEndpoints: field(
    z.array(existingEndpointSchema).default([]),
    "Private endpoints and services that exist, by names and addresses. Each gets its names in a private zone, and the rules.",
  ),
  deployAgents: field(
    z.array(cidr).default([]),
    "Private ranges that may publish code to the apps of their region. They can be where callers can be.",
  ),
  deployAgentHosts: field(
    z.array(hostPattern).default([]),
    "Hosts that agents in `workloadSubnet` may reach on port 443, beside Entra, Resource Manager and the state's storage account: for example GitHub and package registries.",
    { example: ["github.com", "*.actions.githubusercontent.com"] },
  ),
});
