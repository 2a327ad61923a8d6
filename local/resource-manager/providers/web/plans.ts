import { bodyOf, propertiesOf, stringOf } from "../../../azure/document";
import { badRequest, conflict } from "../../arm/fault";
import { sameId } from "../../arm/resource-id";
import type { RemovalRule, ResourceType, WriteRule } from "../../arm/resource-type";

const PLANS = "Microsoft.Web/serverFarms";

/** learn.microsoft.com/azure/reliability/reliability-app-service: two instances at least, to be in two zones. */
const spreadNeedsInstances: WriteRule = ({ body }) => {
  const capacity = Number(bodyOf(body, "sku").capacity ?? 1);
  if (propertiesOf(body).zoneRedundant !== true || capacity >= 2) return;
  throw badRequest("BadRequest", `A zone redundant App Service plan needs two instances at least: it has ${capacity}.`);
};

const hasNoSite: RemovalRule = ({ arm, document }) => {
  const sites = arm
    .all("Microsoft.Web/sites")
    .filter((site) => sameId(stringOf(propertiesOf(site), "serverFarmId") ?? "", document.id))
    .map(({ name }) => name);
  if (sites.length === 0) return;
  throw conflict(
    "Conflict",
    `Server farm '${document.name}' cannot be deleted because it has web app(s) ${sites.join(", ")} assigned to it.`,
  );
};

export const plans: ResourceType = {
  type: PLANS,
  longRunning: true,
  // azurerm takes no other.
  created: 200,
  naming: {
    pattern: /^[\w-]{1,60}$/,
    code: "BadRequest",
    says: "1 to 60 letters, digits, hyphens and underscores",
  },
  rules: [spreadNeedsInstances],
  removalRules: [hasNoSite],
  stored: ({ body }) => {
    const sku = bodyOf(body, "sku");
    const name = stringOf(sku, "name") ?? "";
    return {
      kind: "app",
      ...body,
      sku: { tier: tierOf(name), size: name, family: name.replace(/\d.*$/, ""), capacity: 1, ...sku },
      properties: { ...propertiesOf(body), status: "Ready", maximumNumberOfWorkers: 30 },
    };
  },
  shown: (arm, plan) => ({
    ...plan,
    properties: {
      ...propertiesOf(plan),
      numberOfWorkers: bodyOf(plan, "sku").capacity,
      numberOfSites: arm.azure.documents
        .all()
        .filter(
          ({ type, ...site }) =>
            type === "Microsoft.Web/sites" && sameId(stringOf(propertiesOf(site), "serverFarmId") ?? "", plan.id),
        ).length,
    },
  }),
};

function tierOf(sku: string): string {
  if (/^P\d.*v3$/i.test(sku)) return "PremiumV3";
  if (/^P\d.*v2$/i.test(sku)) return "PremiumV2";
  if (/^S\d/i.test(sku)) return "Standard";
  return /^B\d/i.test(sku) ? "Basic" : "PremiumV3";
}
