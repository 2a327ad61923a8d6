import { Address4 } from "ip-address";
import { z } from "zod";
import { AZURE_REGIONS, type AzureRegion } from "./azure-regions";
import { nearest } from "./nearest";
import { secondsOf, timeSpanOf } from "./time-span";

const SEPARATOR = " ⇒ ";

/** What a field expects and how to correct it, in the one message a zod issue carries. */
export function says(expected: string, fix: string): { error: string } {
  return { error: `${expected}${SEPARATOR}${fix}` };
}

/** The two halves of a message made by a field; the message alone where zod made it. */
export function saidBy(message: string): { expected: string; fix?: string } {
  const at = message.indexOf(SEPARATOR);
  return at < 0 ? { expected: message } : { expected: message.slice(0, at), fix: message.slice(at + SEPARATOR.length) };
}

/** What the field reference says of a field beside its limits. */
export interface FieldNotes {
  /** What a number counts. */
  readonly unit?: string;
  /** A value as a user would write it. @default the first one that an example topology has */
  readonly example?: unknown;
}

/** A field with its meaning, for editors, for the field reference and for the reader of the schema. */
export function field<Schema extends z.ZodType>(
  schema: Schema,
  meaning: string,
  { unit, example }: FieldNotes = {},
): Schema {
  return schema.meta({
    description: meaning,
    ...(unit === undefined ? {} : { unit }),
    ...(example === undefined ? {} : { examples: [example] }),
  });
}

/** A text of a pattern. */
export function text(pattern: RegExp, expected: string, fix: string) {
  return z.string(says(expected, fix)).regex(pattern, says(expected, fix));
}

// Name patterns: the validators of azurerm 4.55.0 (internal/services/*/validate) and, where stricter, Azure's naming rules
// (learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules).

export const stampName = text(
  /^[a-z](-?[a-z0-9]){0,19}$/,
  "1–20 lower-case letters, digits and single hyphens, starting with a letter",
  "shorten the name or replace the characters that do not fit",
);

export const resourceGroupName = text(
  /^[-\w.()]{0,89}[-\w()]$/,
  "1–90 letters, digits, and - _ . ( ), not ending with a dot",
  "rename the resource group",
);

export const virtualNetworkName = text(
  /^[A-Za-z0-9]([-\w.]{0,62}\w)?$/,
  "1–64 letters, digits, and - _ ., starting with a letter or digit",
  "rename the virtual network",
);

export const namespaceName = text(
  /^(?!.*(-sb|-mgmt)$)[A-Za-z][-A-Za-z0-9]{4,48}[A-Za-z0-9]$/,
  "6–50 letters, digits and hyphens, starting with a letter, ending with a letter or digit, not ending with -sb or -mgmt",
  "rename it; the name is globally unique, it becomes <name>.servicebus.windows.net",
);

export const storageAccountName = text(
  /^[a-z0-9]{3,24}$/,
  "3–24 lower-case letters and digits",
  "rename it; the name is globally unique, it becomes <name>.blob.core.windows.net",
);

/**
 * At most 32 characters although Azure allows 60: the Functions host id is the app's name cut at 32, and two apps that
 * share a storage account and a host id disturb each other (learn.microsoft.com/azure/azure-functions/storage-considerations).
 */
export const functionAppName = text(
  /^[A-Za-z0-9][-A-Za-z0-9]{0,30}[A-Za-z0-9]$/,
  "2–32 letters, digits and hyphens, not starting or ending with a hyphen",
  "rename it; the name is globally unique, it becomes <name>.azurewebsites.net",
);

export const storageContainerName = text(
  /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  "3–63 lower-case letters, digits and single hyphens",
  "rename the container",
);

/**
 * Azure takes a slash too, and its Resource Manager writes it as a tilde: clients then know the entity by another name than the stacks. Here a
 * name is also one segment of the producer's URL.
 */
export const entityName = text(
  /^[A-Za-z0-9]([-\w.]{0,258}[A-Za-z0-9])?$/,
  "1–260 letters, digits, and . - _, starting and ending with a letter or digit; no slash or tilde, because Resource Manager takes one for the other",
  "rename the entity",
);

export const subscriptionName = text(
  /^\w([-\w.]{0,48}\w)?$/,
  "1–50 letters, digits, and . - _, starting and ending with a letter, digit or underscore",
  "rename the subscription or rule",
);

export const location = z.enum(Object.keys(AZURE_REGIONS) as [AzureRegion, ...AzureRegion[]], {
  error: ({ input }) =>
    says("the programmatic name of a public Azure region", `use one of az account list-locations${regionMeant(input)}`)
      .error,
});

export const cidr = z
  .string(says("an IPv4 CIDR block such as 10.0.0.0/16", "write address/prefix"))
  .refine(isCidr, says("an IPv4 CIDR block such as 10.0.0.0/16, the host bits zero", "write address/prefix"));

export const ipAddress = z
  .string(says("an IPv4 address", "write four numbers from 0 to 255"))
  .refine(
    (value) => Address4.isValid(value) && !value.includes("/"),
    says("an IPv4 address", "write four numbers from 0 to 255"),
  );

/** Minimum and maximum in seconds; days, hours, minutes and seconds. What comes out is the form that Azure returns. */
export function duration(minimum: number, maximum: number, example: string) {
  const expected = `an ISO 8601 time span from ${minimum} s to ${maximum} s, such as ${example}`;
  return z
    .string(says(expected, `write it as ${example}`))
    .refine(
      (value) => {
        const seconds = secondsOf(value);
        return seconds !== undefined && seconds >= minimum && seconds <= maximum;
      },
      says(expected, "change the duration"),
    )
    .transform((value) => timeSpanOf(secondsOf(value) ?? 0));
}

export function whole(minimum: number, maximum: number) {
  const expected = `a whole number from ${minimum} to ${maximum}`;
  const wrong = says(expected, "change the number");
  return z.number(wrong).int(wrong).min(minimum, wrong).max(maximum, wrong);
}

export function oneOf<const T extends number>(values: readonly T[]) {
  return z.literal([...values], says(`one of ${values.join(", ")}`, "pick one of these values"));
}

export const guid = text(
  /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  "a GUID such as 00000000-0000-0000-0000-000000000000",
  "copy the id from Entra",
);

/** RSA from 2048 bits or Ed25519: what azurerm's validator of Linux VM keys accepts. */
export const sshPublicKey = text(
  /^ssh-(rsa AAAAB3NzaC1yc2E[A-Za-z0-9+/]{270,}={0,2}|ed25519 AAAAC3NzaC1lZDI1NTE5[A-Za-z0-9+/]{48})( \S.*)?$/,
  "an OpenSSH public key, ssh-ed25519 or ssh-rsa with at least 2048 bits",
  "paste the content of a .pub file, never the private key",
);

export const vmSize = text(
  /^(Standard|Basic)_[A-Za-z0-9_-]{1,60}$/,
  "a VM size such as Standard_B2s_v2",
  "use one of az vm list-sizes --location <region>",
);

export const dnsZoneName = text(
  /^(?=.{1,253}$)([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "a lower-case DNS zone of two labels or more, such as corp.example.com",
  "write the zone without a trailing dot",
);

/** As a firewall's application rule takes it: a host, or all below a domain. */
export const hostPattern = text(
  /^(?=.{1,253}$)(\*\.)?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "a lower-case host name such as registry.npmjs.org, or *.example.com for all below a domain",
  "write the name alone, without https:// and a path",
);

export const hostName = text(
  /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "a lower-case host name such as ledger.internal.example.com",
  "write the name alone, without https://, a path or a wildcard",
);

export const resourceGroupId = text(
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/,
  "the ARM id of a resource group",
  "copy it from az group show --query id",
);

export const ddosPlanId = text(
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/ddosProtectionPlans\/[^/]+$/,
  "the ARM id of a DDoS protection plan",
  "copy it from az network ddos-protection list --query [].id",
);

export const workspaceId = text(
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/,
  "the ARM id of a Log Analytics workspace",
  "copy it from az monitor log-analytics workspace list --query [].id",
);

function isCidr(value: string): boolean {
  if (!/\/\d{1,2}$/.test(value) || !Address4.isValid(value)) return false;
  const block = new Address4(value);
  return block.startAddress().correctForm() === block.correctForm();
}

/** "East US 2" is a region's display name; other spellings are compared with both names. */
function regionMeant(input: unknown): string {
  if (typeof input !== "string") return "";
  const found = nearest(input.toLowerCase().replace(/[^a-z0-9]/g, ""), Object.keys(AZURE_REGIONS));
  return found === undefined ? "" : `: did you mean ${found}?`;
}
