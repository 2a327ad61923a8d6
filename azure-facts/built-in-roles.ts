/** What a data role lets its holder do, as far as this design distinguishes it. */
export type DataAction = "send" | "receive" | "manage" | "publish-metrics";

export interface BuiltInRole {
  readonly name: string;
  /** The id of its definition, the same in every tenant. */
  readonly id: string;
  /** @default none that this design distinguishes */
  readonly actions?: readonly DataAction[];
}

/** The roles that this design assigns or distinguishes (learn.microsoft.com/azure/role-based-access-control/built-in-roles). */
export const ROLES = {
  serviceBusOwner: {
    name: "Azure Service Bus Data Owner",
    id: "090c5cfd-751d-490a-894a-3ce6f1109419",
    actions: ["send", "receive", "manage"],
  },
  serviceBusReceiver: {
    name: "Azure Service Bus Data Receiver",
    id: "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
    actions: ["receive"],
  },
  serviceBusSender: {
    name: "Azure Service Bus Data Sender",
    id: "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
    actions: ["send"],
  },
  metricsPublisher: {
    name: "Monitoring Metrics Publisher",
    id: "3913510d-42f4-4e42-8a64-420c390055eb",
    actions: ["publish-metrics"],
  },
  blobOwner: { name: "Storage Blob Data Owner", id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b" },
  queueContributor: { name: "Storage Queue Data Contributor", id: "974c5e8b-45b9-4653-ba55-5f855dd0fb88" },
  tableContributor: { name: "Storage Table Data Contributor", id: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3" },
} as const satisfies Record<string, BuiltInRole>;

/** The same, in a list. */
export const BUILT_IN_ROLES: readonly BuiltInRole[] = Object.values(ROLES);

/** Whether a role, by its name, lets its holder do something. */
export function roleAllows(name: string, action: DataAction): boolean {
  return BUILT_IN_ROLES.some((role) => role.name === name && role.actions?.includes(action) === true);
}
