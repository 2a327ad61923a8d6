import { propertiesOf } from "../../azure/document";
import { badRequest, conflict } from "../arm/fault";
import { sameId } from "../arm/resource-id";
import type { ResourceType, WriteRule } from "../arm/resource-type";

/** Account names are one set over all of Azure. */
const nameIsFree: WriteRule = ({ arm, path, before }) => {
  if (before || !arm.all(path.type).some(({ name }) => sameId(name, path.name))) return;
  throw conflict("StorageAccountAlreadyTaken", `The storage account named ${path.name} is already taken.`);
};

const SERVICES = ["blob", "queue", "table", "file", "web", "dfs"] as const;

const storageAccounts: ResourceType = {
  type: "Microsoft.Storage/storageAccounts",
  longRunning: true,
  created: 200,
  naming: {
    pattern: /^[a-z0-9]{3,24}$/,
    code: "AccountNameInvalid",
    says: "3 to 24 small letters and digits",
  },
  rules: [nameIsFree],
  stored: ({ path, body }) => ({
    ...body,
    properties: {
      ...propertiesOf(body),
      primaryLocation: body.location,
      statusOfPrimary: "available",
      primaryEndpoints: Object.fromEntries(
        SERVICES.map((service) => [service, `https://${path.name}.${service}.core.windows.net/`]),
      ),
    },
  }),
  actions: {
    // Resource Manager hands keys out even where `allowSharedKeyAccess` is false: they open nothing then.
    listkeys: () => ({
      keys: ["key1", "key2"].map((keyName) => ({ keyName, value: "", permissions: "FULL" })),
    }),
  },
};

/** What is deleted is kept for 1 to 365 days, or not at all (learn.microsoft.com/rest/api/storagerp/blob-services/set-service-properties). */
const keepsDeletedForDays: WriteRule = ({ body }) => {
  for (const name of ["deleteRetentionPolicy", "containerDeleteRetentionPolicy", "shareDeleteRetentionPolicy"]) {
    const { enabled, days } = (propertiesOf(body)[name] ?? {}) as { enabled?: boolean; days?: unknown };
    if (!enabled) continue;
    if (typeof days === "number" && Number.isInteger(days) && days >= 1 && days <= 365) continue;
    throw badRequest(
      "InvalidValuesForRequestParameters",
      `Values for request parameters are invalid: ${name}.days. It must be between 1 and 365.`,
    );
  }
};

const part = (type: string, properties: Readonly<Record<string, unknown>>): ResourceType => ({
  type: `Microsoft.Storage/storageAccounts/${type}`,
  rules: [keepsDeletedForDays],
  absent: (arm, { parent }) => (arm.get(parent) ? { properties } : undefined),
});

export const STORAGE: readonly ResourceType[] = [
  storageAccounts,
  part("blobServices", { cors: { corsRules: [] }, deleteRetentionPolicy: { enabled: false } }),
  part("fileServices", { cors: { corsRules: [] }, shareDeleteRetentionPolicy: { enabled: true, days: 7 } }),
  part("queueServices", { cors: { corsRules: [] } }),
  part("tableServices", { cors: { corsRules: [] } }),
];
