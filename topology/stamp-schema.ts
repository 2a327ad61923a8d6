import { z } from "zod";
import { accessSchema } from "./access-schema";
import { appSettingsSchema } from "./app-settings-schema";
import { consumerSchema } from "./consumers-schema";
import { egressSchema } from "./egress-schema";
import {
  ddosPlanId,
  entityName,
  field,
  guid,
  location,
  namespaceName,
  says,
  stampName,
  whole,
  workspaceId,
} from "./fields";
import { forwardersSchema } from "./forwarders-schema";
import { queueSchema, topicSchema } from "./messaging-schema";
import { regionSchema } from "./region-schema";

const regionCount = says("one region, or two that are paired", "put further regions into a stamp of their own");

const recoverySchema = z.strictObject({
  from: field(
    namespaceName,
    "The namespace that was the primary before the failover. Terraform lets go of its entities, and deletes none of them.",
    { example: "lockdown-pc-eastus2" },
  ),
  partner: field(
    z.enum(["former", "new"]).default("former"),
    "`former`: the former primary becomes the secondary, once `npm run failback` has emptied it. `new`: another namespace takes its place, and its region's `serviceBus.namespace` names that one; Terraform lets go of the former primary, and does not delete it.",
  ),
});

const pairingSchema = z.strictObject({
  alias: field(namespaceName, "The name that producers use: `<alias>.servicebus.windows.net`. It is globally unique."),
  state: field(
    z.enum(["paired", "failed-over", "unpaired"]).default("paired"),
    "`paired`: the namespaces are a Geo-DR pair. `failed-over`: the alias names the other namespace now; no pairing is planned, and code and workloads stay deployable. `unpaired`: there is no pair, and the primary has the entities; there is no alias, except in a `recovery`.",
  ),
  recovery: field(
    recoverySchema.optional(),
    "While a new pair is made after a failover: `npm run failback` says when to add it and when to take it away. Terraform then imports what the new primary has.",
  ),
});

const planSchema = z.strictObject({
  sku: field(z.enum(["P0v3", "P1v3", "P2v3", "P3v3"]).default("P1v3"), "The SKU of the App Service plan."),
  minimumWorkers: field(whole(1, 30).default(3), "Autoscale keeps at least that many workers.", { unit: "workers" }),
  maximumWorkers: field(whole(1, 30).default(9), "Autoscale adds no worker beyond that.", { unit: "workers" }),
  scaleOutCpuPercent: field(
    whole(10, 100).default(70),
    "Above that average of the workers' processors, autoscale adds one.",
    {
      unit: "percent",
    },
  ),
  scaleOutActiveMessages: field(
    whole(1, 1_000_000).default(1000),
    "Above that many waiting messages in one entity of the region's namespace, autoscale adds a worker. The entity is the fullest one, or one that `scaleOutEntities` names.",
    { unit: "messages" },
  ),
  scaleOutEntities: field(
    z
      .array(entityName)
      .max(
        4,
        says(
          "4 entities at most",
          "name those that matter most: Azure takes ten rules a profile, two for each entity and two for the processor",
        ),
      )
      .default([]),
    "The queues and topics whose waiting messages count, each by itself. Without a value all of them count, by the fullest one.",
    { example: ["queue1"] },
  ),
});

const authenticationSchema = z.strictObject({
  tenantId: field(guid, "The Entra tenant.", { example: "11111111-2222-3333-4444-555555555555" }),
  clientId: field(guid, "The app registration whose tokens the producer app accepts.", {
    example: "66666666-7777-8888-9999-000000000000",
  }),
  allowedApplications: field(
    z.array(guid).min(1).optional(),
    "The client ids that may call. Without a value every client of the tenant may.",
    { example: ["77777777-8888-9999-0000-111111111111"] },
  ),
});

const requestsSchema = z.strictObject({
  maxItems: field(whole(1, 100_000).default(1_000), "The most messages in one request to the producer.", {
    unit: "messages",
  }),
  maxBytes: field(
    whole(1_024, 100_000_000).optional(),
    "The largest body of a request. Without a value there is room for the entities' largest message, and for 4 MiB at least.",
    { unit: "bytes", example: 8_388_608 },
  ),
});

const telemetrySchema = z.strictObject({
  legacyHosts: field(
    z.boolean().default(true),
    "Whether the apps may reach the ingestion hosts that were used before connection strings (`dc.services.visualstudio.com` and others). Parts of the Functions host may still use them.",
  ),
});

const ACCESS = { error: "private-only or open" };

const privateLinkScopeSchema = z.strictObject({
  ingestion: field(
    z.enum(["private-only", "open"], ACCESS).default("private-only"),
    "What the network sends telemetry to: `private-only`, to what is in the scope and nothing else; `open`, also to components of others, by public addresses.",
  ),
  query: field(
    z.enum(["private-only", "open"], ACCESS).default("open"),
    "Who reads logs: `private-only`, hosts in the network alone; `open`, also people outside it, with their roles.",
  ),
});

const protectionSchema = z.strictObject({
  preventDestroy: field(z.boolean().default(true), "Whether Terraform refuses to destroy namespaces and entities."),
  locks: field(
    z.boolean().default(false),
    "Whether the network and messaging resource groups have a CanNotDelete lock.",
  ),
});

export const stampSchema = z.strictObject({
  name: field(stampName.optional(), "The name that the stamp's stack names start with. One stamp may have none."),
  tags: field(
    z.record(z.string(), z.string()).default({}),
    "Tags of every resource that takes tags. DNS zones take 15 at most, with plain names.",
  ),
  primary: field(location, "The region whose namespace is the primary: it has the entities and receives the messages."),
  regions: field(z.array(regionSchema).min(1).max(2, regionCount), "One region, or two that are paired."),
  pairing: field(pairingSchema.optional(), "The Geo-DR pair of the two regions' namespaces. Needed with two regions."),
  queues: field(z.array(queueSchema).default([]), "The queues."),
  topics: field(z.array(topicSchema).default([]), "The topics."),
  refusedMessages: field(
    entityName.optional(),
    "The queue for messages that `process()` refuses for good, with the reason. It has no trigger, and the producer does not post to it.",
  ),
  consumers: field(
    z.array(consumerSchema).max(4, says("4 consumers at most", "let one take from several entities")).default([]),
    "Further consumer apps. Each takes from some of the entities, in every region, with an identity, storage and settings of its own; the code is the consumer's.",
  ),
  egress: field(egressSchema.default({ via: "firewall" }), "Where traffic for the Internet goes."),
  forwarders: field(
    forwardersSchema.optional(),
    "The DNS forwarders in the hubs that are built. Needed where a region has a `hub`.",
  ),
  access: field(accessSchema.prefault({}), "Who may send, call and publish, beside the stamp's own apps."),
  appSettings: field(appSettingsSchema.prefault({}), "App settings of your own, for your code."),
  plan: field(planSchema.prefault({}), "The App Service plan of each region, and its autoscale."),
  authentication: field(
    authenticationSchema.optional(),
    "App Service authentication of the producer app by Entra. Without it, every host that a network rule admits may post.",
  ),
  requests: field(
    requestsSchema.prefault({}),
    "The limits of one request. The producer answers 413 to a larger one before it parses it.",
  ),
  telemetry: field(telemetrySchema.prefault({}), "What the apps reach of Azure Monitor."),
  monitoring: field(
    z.enum(["public-hosts", "private-link"], { error: "public-hosts or private-link" }).default("public-hosts"),
    "How telemetry leaves: `public-hosts`, to Application Insights' public hosts through the firewall; `private-link`, to an Azure Monitor Private Link Scope by a private endpoint in `spoke.monitoringSubnet`.",
  ),
  privateLinkScope: field(
    privateLinkScopeSchema.prefault({}),
    "The Azure Monitor Private Link Scope, where `monitoring` is `private-link`.",
  ),
  extensionBundlesFromCdn: field(
    z.boolean().default(true),
    "Whether the Functions hosts load their extensions from Azure's CDN. With `false` the CDN is closed, and the package has to bring the extensions.",
  ),
  logRetentionDays: field(
    whole(30, 730).default(30),
    "How long Log Analytics keeps logs. An existing workspace has a retention of its own.",
    { unit: "days" },
  ),
  logAnalyticsWorkspaceId: field(
    workspaceId.optional(),
    "The ARM id of an existing Log Analytics workspace, in place of one for each region. It may be in another subscription.",
    {
      example:
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/monitoring-rg/providers/Microsoft.OperationalInsights/workspaces/central",
    },
  ),
  protection: field(protectionSchema.prefault({}), "What protects data and networks against deletion."),
  ddosProtectionPlanId: field(
    ddosPlanId.optional(),
    "The ARM id of an existing DDoS protection plan. One plan serves a whole tenant.",
    {
      example:
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/ddos-rg/providers/Microsoft.Network/ddosProtectionPlans/plan",
    },
  ),
});
