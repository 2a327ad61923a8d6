import type { Finding } from "../../proof/prove";
import { referencesOf } from "../../synthesized/references";
import type { Block, StackJson, SynthesizedStack } from "../../synthesized/cdktf-out";

/** A change of one place in the stacks' JSON. */
export interface Mutant {
  readonly operator: "remove" | "swap" | "widen" | "narrow" | "reorder" | "retarget" | "switch" | "rename";
  readonly stack: string;
  /** `azurerm_subnet.workload-subnet`. */
  readonly address: string;
  readonly path: readonly (string | number)[];
  readonly from: unknown;
  /** Nothing: it is removed. */
  readonly to?: unknown;
}

/** What decides a network, its names, its rights or an order of deployment. */
const TYPES =
  /^azurerm_(application_insights|firewall|local_network_gateway|monitor_private_link|network_interface|network_security|private_|public_ip|role_|route|servicebus_namespace|storage_account|subnet|user_assigned|virtual_|linux_virtual_machine|windows_function_app)/;

/** What decides none of them. */
const KEYS =
  /^(\/\/|tags|description|lifecycle|location|timeouts|admin_.*|os_disk|size|source_image_reference|custom_data|boot_diagnostics|identity|sku.*|capacity|.*tls_version|account_.*|access_tier|zone|zones|nested_items.*|health_check.*|use_32.*|application_stack|functions_extension.*|http2.*|builtin_logging.*|ftps_state|custom_network_interface_name|secure_boot_enabled|vtpm_enabled|threat_intelligence_mode|vm_.*|cross_tenant.*|https_traffic.*|infrastructure.*|blob_properties|.*retention.*|application_type|sampling.*|disable_.*|auth_settings_v2|client_.*|worker_.*|min_.*|registration_enabled|delegation|provisioner|principal_type|skip_service.*|resource_group_name|default_to_oauth.*|is_manual_connection|allocation_method|private_ip_address_allocation|premium_messaging_partitions|content_share.*|generation|type|vpn_type|idle_timeout.*|bgp_enabled|active_active|daily_data.*|internet_query_enabled|workspace_id|allowed_copy_scope|large_file.*|local_user.*|sftp.*|nfsv3.*|is_hns.*|queue_encryption.*|table_encryption.*|dns_endpoint.*|default_documents|managed_pipeline.*|load_balancing.*|websockets.*|remote_debugging.*|vnet_image.*|virtual_network_backup.*|enabled|runtime_scale.*|elastic.*|app_scale.*|pre_warmed.*|scm_minimum.*|computer_name|provision_vm.*|patch.*|encryption_at.*|extensions_time.*|allow_extension.*|bypass_platform.*|platform_fault.*|priority_tier|max_bid.*|eviction_policy|ip_version|ddos.*|flow_timeout.*|private_link_service.*|private_endpoint_vnet.*|sharing_scope|storage_uses.*|identity_ids|key_vault.*|https_only|app_settings|site_config|notes|display_name|record_count|ttl|bypass|auto_stop|lun)$/;

const OTHER_VALUES: Readonly<Record<string, string>> = {
  Allow: "Deny",
  Deny: "Allow",
  Inbound: "Outbound",
  Outbound: "Inbound",
  Tcp: "Udp",
  Udp: "Tcp",
  TCP: "UDP",
  UDP: "TCP",
  VirtualAppliance: "Internet",
  VirtualNetworkGateway: "Internet",
  NxDomainRedirect: "Default",
  NetworkSecurityGroupEnabled: "Disabled",
  namespace: "blob",
  "Azure Service Bus Data Sender": "Azure Service Bus Data Owner",
  "Azure Service Bus Data Receiver": "Azure Service Bus Data Sender",
  "Storage Blob Data Owner": "Storage Blob Data Reader",
  "Monitoring Metrics Publisher": "Contributor",
};

interface Leaf {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Every mutant of the stacks, in the order of the stacks. */
export function mutantsOf(stacks: readonly SynthesizedStack[]): Mutant[] {
  return stacks.flatMap((stack) => {
    const resources = Object.entries(stack.json.resource ?? {}).flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, block]) => ({ type, id, block })),
    );
    return resources
      .filter(({ type }) => TYPES.test(type))
      .flatMap(({ type, id, block }) => {
        const at = { stack: stack.name, address: `${type}.${id}` };
        const targets = idsOf(stacks);
        return [
          { ...at, operator: "remove" as const, path: [], from: block },
          ...leavesOf(block, []).flatMap((leaf) => changes(leaf, targets).map((change) => ({ ...at, ...change }))),
          ...elements(block, []).map((path) => ({
            ...at,
            operator: "remove" as const,
            path,
            from: valueAt(block, path),
          })),
          ...extras(type, block).map((change) => ({ ...at, ...change })),
          ...priorities(block).map((change) => ({ ...at, ...change })),
          ...settings(block).map((change) => ({ ...at, ...change })),
        ];
      });
  });
}

type Change = Pick<Mutant, "operator" | "path" | "from" | "to">;

/** Switches that stacks leave to their defaults, turned the other way. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  azurerm_network_interface: { ip_forwarding_enabled: true },
  azurerm_subnet: { service_endpoints: ["Microsoft.ServiceBus"] },
};

function extras(type: string, block: Block): Change[] {
  return Object.entries(DEFAULTS[type] ?? {})
    .filter(([key]) => block[key] === undefined)
    .map(([key, to]) => ({ operator: "switch", path: [key], from: undefined, to }));
}

function leavesOf(value: unknown, path: readonly (string | number)[]): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => leavesOf(each, [...path, index]));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, each]) =>
      KEYS.test(key) && !isKept(key, path) ? [] : leavesOf(each, [...path, key]),
    );
  return value === null ? [] : [{ path, value }];
}

/** The switches of a site that decide its way. */
function isKept(key: string, path: readonly (string | number)[]): boolean {
  return key === "app_settings" || key === "site_config" || (path.includes("identity") && key === "identity_ids");
}

/** Members of lists, one by one. */
function elements(value: unknown, path: readonly (string | number)[]): (string | number)[][] {
  if (Array.isArray(value))
    return value.flatMap((each, index) => [
      [...path, index],
      ...(typeof each === "object" ? elements(each, [...path, index]) : []),
    ]);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => (KEYS.test(key) ? [] : elements(each, [...path, key])));
}

const CIDR = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/;

function changes({ path, value }: Leaf, targets: readonly string[]): Change[] {
  const change = (operator: Mutant["operator"], to: unknown): Change => ({ operator, path, from: value, to });
  const key = path.filter((part) => typeof part === "string").at(-1) ?? "";
  if (key === "depends_on") return [];
  if (typeof value === "boolean") return [change("switch", !value)];
  if (typeof value === "number") return key === "port" ? [change("retarget", value + 1)] : [];
  if (typeof value !== "string") return [];
  const other = OTHER_VALUES[value];
  if (other !== undefined) return [change("switch", other)];
  const [, a, b, , , length] = CIDR.exec(value) ?? [];
  if (a !== undefined) {
    return [
      change("widen", length === undefined ? `${value}/30` : `${a}.${b}.0.0/${Math.max(8, Number(length) - 8)}`),
      ...(length === undefined || Number(length) >= 31
        ? []
        : [change("narrow", value.replace(/\/\d+$/, `/${Number(length) + 1}`))]),
      change("retarget", value.replace(/^\d+\.\d+/, "10.99")),
    ];
  }
  if (/port_range/.test(key) || key === "destination_ports")
    return value === "*"
      ? key.startsWith("source")
        ? [change("narrow", "1-1023")]
        : [change("narrow", "1-100")]
      : [change("widen", "*"), change("retarget", "8443")];
  if (/^\$\{[a-z_]+\.[A-Za-z0-9_-]+\.[a-z_]+\}$/.test(value)) return references(value, change, key);
  if (value.startsWith("/subscriptions/")) return retargeted(value, targets, change);
  if (/fqdns$/.test(key))
    return [change("widen", `*.${value.split(".").slice(-2).join(".")}`), change("rename", `x${value}`)];
  if (/prefix(es)?$/.test(key)) return [change("widen", "*"), change("retarget", "10.99.0.0/16")];
  if (key === "name" && path.length === 1) return [change("rename", `${value}x`)];
  return [];
}

/** Another resource of the type that a reference names. */
function references(
  value: string,
  change: (operator: Mutant["operator"], to: unknown) => Change,
  key: string,
): Change[] {
  const type = /^\$\{([a-z_]+)\./.exec(value)?.[1] ?? "";
  return [change("retarget", { type, not: value, key })];
}

function retargeted(
  value: string,
  targets: readonly string[],
  change: (operator: Mutant["operator"], to: unknown) => Change,
): Change[] {
  const kind = value.split("/").slice(6, 8).join("/").toLowerCase();
  const depth = value.split("/").length;
  const other = targets.find(
    (each) => each !== value && each.split("/").length === depth && each.toLowerCase().includes(`/${kind}/`),
  );
  return other === undefined ? [] : [change("retarget", other)];
}

/** The ARM ids that stacks name. */
function idsOf(stacks: readonly SynthesizedStack[]): string[] {
  const found = JSON.stringify(stacks.map(({ json }) => json.resource)).match(/\/subscriptions\/[^"\\]+/g) ?? [];
  return [...new Set(found)].sort();
}

/** Each setting of an app: it is missing, or has another value. */
function settings(block: Block): Change[] {
  return Object.entries((block.app_settings ?? {}) as Block).flatMap(([key, from]) => [
    { operator: "narrow", path: ["app_settings", key], from },
    { operator: "switch", path: ["app_settings", key], from, to: "other" },
  ]);
}

/** The rule that denies the rest, before every other. */
function priorities(block: Block): Change[] {
  const rules: unknown = block.security_rule;
  if (!Array.isArray(rules)) return [];
  return (rules as readonly Block[]).flatMap((rule, index) =>
    rule.access === "Deny"
      ? [{ operator: "reorder" as const, path: ["security_rule", index, "priority"], from: rule.priority, to: 99 }]
      : [],
  );
}

export function valueAt(block: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], block);
}

/** The stacks with a mutant in them; nothing where there is nothing else to refer to. */
export function mutated(stacks: readonly SynthesizedStack[], mutant: Mutant): SynthesizedStack[] | undefined {
  const { stack: name, address, path } = mutant;
  const [type = "", id = ""] = address.split(/\.(.*)/s);
  const own = stacks.find((stack) => stack.name === name);
  const to = own && resolvedTarget(mutant.to, own);
  if (to === NONE) return undefined;
  return stacks.map((stack) => {
    if (stack !== own) return stack;
    const json: StackJson = structuredClone(stack.json);
    const byId = json.resource?.[type] as Record<string, unknown> | undefined;
    if (!byId) return stack;
    if (path.length === 0) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete byId[id];
    } else {
      const parent = valueAt(byId[id], path.slice(0, -1)) as Record<string | number, unknown>;
      const key = path.at(-1) ?? "";
      if (mutant.operator === "remove" && Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (to === undefined) Reflect.deleteProperty(parent, key);
      else parent[key] = to;
    }
    return { ...stack, json };
  });
}

const NONE = Symbol("none");

function resolvedTarget(to: unknown, stack: SynthesizedStack): unknown {
  if (typeof to !== "object" || to === null || !("not" in to)) return to;
  const { type, not } = to as { readonly type: string; readonly not: string };
  const attribute = /\.([a-z_]+)\}$/.exec(not)?.[1] ?? "id";
  const other = Object.keys(stack.json.resource?.[type] ?? {}).find((id) => !not.startsWith(`\${${type}.${id}.`));
  return other === undefined ? NONE : `\${${type}.${other}.${attribute}}`;
}

/** Whether findings name the resource that was changed, one that it refers to or that refers to it, or an app whose right it was. */
export function isNamed(
  { stack, address, from }: Mutant,
  stacks: readonly SynthesizedStack[],
  findings: readonly Finding[],
): boolean {
  const [type = "", id = ""] = address.split(/\.(.*)/s);
  const resources = stacks.find(({ name }) => name === stack)?.json.resource ?? {};
  const block = resources[type]?.[id] ?? {};
  const near = [
    ...referencesOf(block),
    ...Object.entries(resources).flatMap(([other, byId]) =>
      Object.entries(byId).flatMap(([key, each]) => (referencesOf(each).has(address) ? [`${other}.${key}`] : [])),
    ),
  ];
  const places = [address, ...near].map((each) => `${stack}: ${each}`);
  const names = [address, ...near].map((each) => {
    const [kind = "", key = ""] = each.split(/\.(.*)/s);
    return resources[kind]?.[key]?.name;
  });
  const texts = [...names, from].filter((name) => typeof name === "string" && name.length > 3);
  return findings.some(({ what, origin, trace = [] }) => {
    const said = [what, ...trace.map(({ by, why }) => `${by} ${why}`)].join("\n");
    const origins = [origin?.resource, ...trace.map((step) => step.origin.resource)];
    return (
      [address, ...near].some((each) => said.includes(each)) ||
      places.some((place) => origins.includes(place)) ||
      texts.some((text) => typeof text === "string" && said.includes(text))
    );
  });
}
