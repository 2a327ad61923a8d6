import { armId } from "../arm-id";
import type { SynthesizedStack } from "../cdktf-out";
import { all, type Located, placeOf, referred, strings } from "../resources";
import { flag, optionalText, type Part, partOf, partsIn, text, texts } from "./attributes";

/** A function app. */
export interface App {
  readonly resource: Located;
  /** An ARM id, in lower case. */
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** The ARM id of the subnet that it is integrated with, in lower case. */
  readonly subnetId?: string;
  /** As the stack has them: values may refer to resources of the stack. */
  readonly settings: Readonly<Record<string, string>>;
  readonly identities: readonly Located[];
  /** The Application Insights that it writes to. */
  readonly insights?: Located;
  /** Which callers App Service accepts. @default every caller that can connect to it */
  readonly authentication?: { readonly audiences: readonly string[]; readonly applications?: readonly string[] };
  /** Whether azurerm deploys its code while it creates the app. */
  readonly deploysItsCode: boolean;
  readonly usesManagedIdentityForStorage: boolean;
}

export function appsIn(stacks: readonly SynthesizedStack[]): App[] {
  return all(stacks, "azurerm_windows_function_app").map((resource) => {
    const app = partOf(resource);
    const [site] = partsIn(app, "site_config");
    const insights = site && insightsOf(resource, site);
    const subnetId = optionalText(app, "virtual_network_subnet_id")?.toLowerCase();
    return {
      resource,
      id: armId(resource),
      name: text(app, "name"),
      location: text(app, "location"),
      ...(subnetId === undefined ? {} : { subnetId }),
      settings: settingsOf(resource),
      identities: partsIn(app, "identity").flatMap(({ block }) => identitiesIn(resource, block)),
      ...(insights ? { insights } : {}),
      ...authenticationOf(resource),
      deploysItsCode: app.block.zip_deploy_file !== undefined,
      usesManagedIdentityForStorage: flag(app, "storage_uses_managed_identity", false),
    };
  });
}

function settingsOf({ block, ...resource }: Located): Record<string, string> {
  const settings = Object.entries((block.app_settings ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    settings.map(([name, value]) => {
      if (typeof value !== "string")
        throw new Error(`${placeOf({ ...resource, block })}.app_settings.${name} is no text.`);
      return [name, value];
    }),
  );
}

/** @throws Error where the connection string is not another resource's: it would be a secret in the stack */
function insightsOf(app: Located, { block, path }: Part): Located | undefined {
  const value = block.application_insights_connection_string;
  if (value === undefined || value === null) return undefined;
  const found = referred(app, value);
  if (!found) throw new Error(`${path}.application_insights_connection_string refers to no resource of its stack.`);
  return found;
}

function identitiesIn(app: Located, identity: Readonly<Record<string, unknown>>): Located[] {
  return strings(identity, "identity_ids").map((value) => {
    const found = referred(app, value);
    if (!found) throw new Error(`${placeOf(app)} has the identity ${value}, which is not in its stack.`);
    return found;
  });
}

function authenticationOf(resource: Located): Pick<App, "authentication"> {
  const [settings] = partsIn(partOf(resource), "auth_settings_v2");
  const [entra] = settings ? partsIn(settings, "active_directory_v2") : [];
  if (!settings || !entra || !flag(settings, "auth_enabled", false)) return {};
  return {
    authentication: {
      audiences: texts(entra, "allowed_audiences"),
      ...(entra.block.allowed_applications === undefined ? {} : { applications: texts(entra, "allowed_applications") }),
    },
  };
}
