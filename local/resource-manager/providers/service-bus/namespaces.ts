import { bodiesOf, type Body, bodyOf, propertiesOf, stringOf } from "../../../azure/document";
import type { Arm } from "../../arm/arm";
import { badRequest, conflict } from "../../arm/fault";
import { sameId } from "../../arm/resource-id";
import type { RemovalRule, ResourceType, WriteRule } from "../../arm/resource-type";

export const NAMESPACES = "Microsoft.ServiceBus/namespaces";

/** Namespaces and aliases share one set of names over all of Azure: they are host names below servicebus.windows.net. */
const nameIsFree: WriteRule = ({ arm, path, before }) => {
  const taken =
    arm.all(NAMESPACES).some(({ name }) => sameId(name, path.name)) ||
    arm.azure.aliases().some(({ alias }) => sameId(alias, path.name));
  if (before || !taken) return;
  throw conflict("NamespaceNotAvailable", `The specified service namespace '${path.name}' is not available.`);
};

/** github.com/Azure/azure-cli/issues/10762: tags too. */
const secondaryIsReadOnly: WriteRule = ({ arm, before }) => {
  if (!before || !arm.azure.isPassive(before.id)) return;
  throw badRequest("BadRequest", "Cannot update a namespace which is secondary.");
};

/** learn.microsoft.com/azure/service-bus-messaging/enable-partitions-premium: as many units as partitions, or a multiple. */
const UNITS: Readonly<Record<number, readonly number[]>> = { 1: [1, 2, 4, 8, 16], 2: [2, 4, 8, 16], 4: [4, 8, 16] };

const unitsFitPartitions: WriteRule = ({ body }) => {
  const sku = bodyOf(body, "sku");
  if (sku.name !== "Premium") return;
  const [partitions, capacity] = [
    Number(propertiesOf(body).premiumMessagingPartitions ?? 1),
    Number(sku.capacity ?? 1),
  ];
  if (UNITS[partitions]?.includes(capacity)) return;
  throw badRequest(
    "BadRequest",
    `A Premium namespace with ${partitions} messaging partitions cannot have ${capacity} messaging units: ${
      UNITS[partitions] ? `it takes ${UNITS[partitions].join(", ")}` : "partitions are 1, 2 or 4"
    }.`,
  );
};

const partitionsStay: WriteRule = ({ body, before }) => {
  const wanted = propertiesOf(body).premiumMessagingPartitions;
  if (!before || wanted === undefined || Number(wanted) === Number(propertiesOf(before).premiumMessagingPartitions))
    return;
  throw badRequest("BadRequest", "The number of messaging partitions of a namespace cannot be changed.");
};

/** A namespace of a pairing is the pairing's until it is broken (learn.microsoft.com/azure/service-bus-messaging/service-bus-geo-dr). */
const notPaired: RemovalRule = ({ arm, document }) => {
  const pairing = arm.azure
    .aliases()
    .find(({ primaryId, partnerId }) => sameId(primaryId, document.id) || sameId(partnerId ?? "", document.id));
  if (!pairing) return;
  throw badRequest(
    "BadRequest",
    `The namespace '${document.name}' cannot be deleted while the alias '${pairing.alias}' names it: break the pairing and delete the alias first.`,
  );
};

export const namespaces: ResourceType = {
  type: NAMESPACES,
  longRunning: true,
  naming: {
    pattern: /^[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]$/,
    code: "BadRequest",
    says: "6 to 50 letters, digits and hyphens, a letter first, a letter or digit last",
  },
  rules: [nameIsFree, secondaryIsReadOnly, unitsFitPartitions, partitionsStay],
  removalRules: [notPaired],
  stored: ({ path, body, before }) => ({
    ...body,
    // learn.microsoft.com/azure/templates/microsoft.servicebus/namespaces: it is not required.
    sku: body.sku ?? before?.sku ?? { name: "Standard", tier: "Standard" },
    properties: {
      premiumMessagingPartitions: bodyOf(body, "sku").name === "Premium" ? 1 : 0,
      disableLocalAuth: false,
      zoneRedundant: true,
      minimumTlsVersion: "1.2",
      publicNetworkAccess: "Enabled",
      ...propertiesOf(body),
      status: "Active",
      serviceBusEndpoint: `https://${path.name}.servicebus.windows.net:443/`,
      metricId: `${path.subscription}:${path.name.toLowerCase()}`,
    },
  }),
  written: ({ azure }, { id, name, location }) => {
    azure.namespaces.put({ id, name, location: String(location) });
  },
  removed: ({ azure }, { id }) => {
    azure.removeEntities(id);
    azure.namespaces.remove(id);
  },
};

/** Asked before a namespace is made. */
export const serviceBus: ResourceType = {
  type: "Microsoft.ServiceBus",
  actions: { checknameavailability: ({ arm, body }) => availability(arm, stringOf(body, "name") ?? "") },
};

/** Whether a name is free: no namespace and no alias has it. */
export function availability(arm: Arm, name: string): Body {
  const taken = arm.azure.pairing(name) ?? arm.all(NAMESPACES).find((namespace) => sameId(namespace.name, name));
  return taken
    ? { nameAvailable: false, reason: "NameInUse", message: `The name '${name}' is in use.` }
    : { nameAvailable: true, reason: "None", message: "" };
}

/** learn.microsoft.com/azure/templates/microsoft.servicebus/namespaces/networkrulesets; azurerm checks it too, in servicebus_namespace_resource.go. */
const denyNeedsAnException: WriteRule = ({ body }) => {
  const properties = propertiesOf(body);
  const admitted = [...bodiesOf(properties, "ipRules"), ...bodiesOf(properties, "virtualNetworkRules")];
  if (properties.defaultAction !== "Deny" || admitted.length > 0) return;
  throw badRequest(
    "BadRequest",
    "The default action of a network rule set cannot be Deny without any IP or virtual network rule: set publicNetworkAccess to Disabled instead.",
  );
};

export const networkRuleSets: ResourceType = {
  type: "Microsoft.ServiceBus/namespaces/networkRuleSets",
  rules: [denyNeedsAnException],
  absent: (arm, { parent, name }) => {
    const namespace = arm.get(parent);
    if (!namespace || name !== "default") return undefined;
    return {
      properties: {
        publicNetworkAccess: propertiesOf(namespace).publicNetworkAccess,
        defaultAction: "Allow",
        trustedServiceAccessEnabled: false,
        ipRules: [],
        virtualNetworkRules: [],
      },
    };
  },
};

/** Every namespace has this rule. Its keys open nothing where local authentication is off, and the broker takes none. */
const rootRule = (type: string): ResourceType => ({
  type: `${type}/authorizationRules`,
  absent: (arm, { parent, name }) =>
    arm.get(parent) && name === "RootManageSharedAccessKey"
      ? { properties: { rights: ["Listen", "Manage", "Send"] } }
      : undefined,
  actions: {
    listkeys: ({ path }) => ({ keyName: path.name, primaryKey: "", secondaryKey: "" }),
  },
});

export const authorizationRules: readonly ResourceType[] = [
  rootRule(NAMESPACES),
  rootRule(`${NAMESPACES}/disasterRecoveryConfigs`),
];
