import type { ResourceType } from "../arm/resource-type";

/** learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources */
const resourceGroups: ResourceType = {
  type: "Microsoft.Resources/resourceGroups",
  naming: {
    pattern: /^[-\w.()]{0,89}[-\w()]$/,
    code: "InvalidResourceGroup",
    says: "1 to 90 characters: letters, digits, underscores, parentheses, hyphens and periods, and no period at the end",
  },
  // Everything in it goes with it.
  longRunning: true,
};

const subscriptions: ResourceType = {
  type: "Microsoft.Resources/subscriptions",
  absent: (arm, { subscription }) => ({
    subscriptionId: subscription,
    displayName: "local",
    state: "Enabled",
    tenantId: arm.settings.tenant,
  }),
};

/** What contains every other provider's resources: subscriptions and resource groups. */
export const RESOURCES: readonly ResourceType[] = [resourceGroups, subscriptions];
