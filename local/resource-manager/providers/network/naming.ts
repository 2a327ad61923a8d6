import type { Naming } from "../../arm/resource-type";

/** learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork */
export const NETWORK_NAME: Naming = {
  pattern: /^[A-Za-z0-9]([\w.-]{0,78}\w)?$/,
  code: "InvalidResourceName",
  says: "up to 80 letters, digits, underscores, periods and hyphens, a letter or digit first, and a word character last",
};
