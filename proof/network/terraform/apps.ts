import { armId } from "../../../synthesized/arm-id";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { referenceIn } from "../../../synthesized/references";
import { all, referred } from "../../../synthesized/resources";
import { flag, optionalText, type Part, partOf, partsIn, text, texts } from "../../../synthesized/views/attributes";
import { rolesIn as assignmentsIn } from "../../../synthesized/views/role";
import type { App, Role } from "../model";
import { originOf } from "./origins";

/** The resource types of App Service's sites, and what each is. */
export const SITES: Readonly<Record<string, App["kind"]>> = {
  azurerm_windows_function_app: "function",
  azurerm_linux_function_app: "function",
  azurerm_windows_web_app: "web",
  azurerm_linux_web_app: "web",
};

export function appsIn(stacks: readonly SynthesizedStack[]): App[] {
  return all(stacks, ...Object.keys(SITES)).map((resource) => {
    const app = partOf(resource);
    const [site] = partsIn(app, "site_config");
    const subnetId = optionalText(app, "virtual_network_subnet_id")?.toLowerCase();
    return {
      id: armId(resource),
      name: text(app, "name"),
      origin: originOf(app),
      location: text(app, "location"),
      kind: SITES[resource.type] ?? "web",
      ...(subnetId === undefined ? {} : { subnetId }),
      routesAll: site ? flag(site, "vnet_route_all_enabled", false) : false,
      settings: settingsOf(app),
      ...storageIn(app),
      identityIds: partsIn(app, "identity").flatMap((identity) => identitiesIn(identity, armId(resource))),
      keyBlocks: keyBlocksIn(resource.block),
      alwaysOn: site ? flag(site, "always_on", resource.type.endsWith("web_app")) : false,
    };
  });
}

/** What of an app is a secret by its place, or by its form: the paths of azurerm's arguments. */
function keyBlocksIn(block: Readonly<Record<string, unknown>>): string[] {
  const found = Object.entries(block)
    .filter(([key]) => !["app_settings", "sticky_settings", "//"].includes(key))
    .flatMap(([key, value]) => secretsAt(key, value));
  const strings = [block.connection_string].flat().filter((each) => each !== undefined && each !== null);
  return [...new Set([...found, ...(strings.length > 0 ? ["connection_string"] : [])])];
}

function secretsAt(path: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => secretsAt(path, each));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, each]) => secretsAt(`${path}.${key}`, each));
  if (typeof value !== "string" || value === "") return [];
  const isSecret =
    /(^|\.)(\w*access_key|client_secret|\w*password|sas_token)$/.test(path) ||
    /[?&]sig=|(AccountKey|SharedAccessKey)=/.test(value);
  return isSecret ? [path] : [];
}

/** The one that Azure makes for the app is known by the app's own id. */
function identitiesIn(identity: Part, appId: string): string[] {
  const assigned = texts(identity, "identity_ids").map((id) => id.toLowerCase());
  return text(identity, "type").includes("SystemAssigned") ? [appId, ...assigned] : assigned;
}

function storageIn(app: Part): { readonly storageAccount?: string } {
  const name = optionalText(app, "storage_account_name");
  return name === undefined ? {} : { storageAccount: name };
}

function settingsOf({ block, of }: Part): Record<string, string> {
  const settings = (block.app_settings ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      String(value).replace(/(?<!\$)\$\{[^}]+\}/g, (reference) => {
        const target = referred(of, reference);
        return target ? `${armId(target)}#${referenceIn(reference)?.attribute ?? ""}` : reference;
      }),
    ]),
  );
}

/** A principal is known by its identity's id. */
export function rolesIn(stacks: readonly SynthesizedStack[]): Role[] {
  return assignmentsIn(stacks).map(({ resource, name, scope, identity, principal }) => ({
    name,
    scope,
    principal: identity ? armId(identity) : principal,
    origin: originOf(partOf(resource)),
  }));
}
