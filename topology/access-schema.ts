import { z } from "zod";
import { cidr, entityName, field, guid, hostPattern } from "./fields";

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
