import { bodyOf, propertiesOf, stringOf } from "../../azure/document";
import { guidOf } from "../../azure/guid";
import type { ResourceType } from "../arm/resource-type";
import { isInNoScope } from "./insights";

const workspaces: ResourceType = {
  type: "Microsoft.OperationalInsights/workspaces",
  longRunning: true,
  naming: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    code: "InvalidResourceName",
    says: "4 to 63 letters, digits and hyphens, no hyphen at either end",
  },
  removalRules: [isInNoScope],
  stored: ({ path, body }) => ({
    ...body,
    properties: {
      ...propertiesOf(body),
      sku: { name: stringOf(bodyOf(propertiesOf(body), "sku"), "name") ?? "PerGB2018" },
      customerId: guidOf(`workspace ${path.id.toLowerCase()}`),
    },
  }),
  actions: {
    sharedkeys: () => ({ primarySharedKey: "", secondarySharedKey: "" }),
  },
};

/** None is soft-deleted: what is gone here is gone. */
const deletedWorkspaces: ResourceType = {
  type: "Microsoft.OperationalInsights/deletedWorkspaces",
};

export const OPERATIONAL_INSIGHTS: readonly ResourceType[] = [workspaces, deletedWorkspaces];
