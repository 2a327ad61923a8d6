import { type Draft, placed, stampsOf } from "../draft";
import type { Mistake } from "../mistake";
import type { Stamp } from "../schema";
import type { TopologyRule } from "./topology-rule";

/** Names that the stacks, the Functions host or App Service set: another value would break the app, or be ignored. */
const TAKEN =
  /^(CONSUMER_SOURCES|REFUSED_QUEUE|PRODUCER_ENTITIES|PRODUCER_LIMITS|ServiceBus__.*|AzureWebJobs.*|AzureFunctions.*|FUNCTIONS_.*|WEBSITE_.*|WEBSITES_.*|SCM_.*|APPLICATIONINSIGHTS_.*|APPINSIGHTS_.*|IDENTITY_.*|MSI_.*|DIAGNOSTICS_.*|ApplicationInsightsAgent_.*)$/i;

const NAME = /^[A-Za-z][A-Za-z0-9_.]{0,99}$/;

/** Names that are nearly always those of secrets. */
const SECRET_NAME =
  /(secret|password|passwd|pwd|api_?key|access_?key|account_?key|private_?key|token|connection_?string|sas)$/i;

/** Values that only secrets have: keys in connection strings, signatures, tokens, private keys. */
const SECRET_VALUES: readonly RegExp[] = [
  /\b(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=/i,
  /[?&]sig=[A-Za-z0-9%]{20,}/,
  /^eyJ[\w-]{10,}\.[\w-]{10,}\./,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /^[A-Za-z0-9+/]{42,}={1,2}$/,
];

const REFERENCE = /^@Microsoft\.KeyVault\((SecretUri=https:\/\/[^)]+|VaultName=[^;)]+;SecretName=[^)]+)\)$/;

/** Settings are in the stacks and in the state, where many can read them: a secret belongs in a Key Vault. */
export const appSettingsAreTheUsers: TopologyRule = (topology) =>
  stampsOf(topology).flatMap(({ at, it }) => [
    ...(["producer", "consumer"] as const).flatMap((app) =>
      mistakesIn(`${at}.appSettings.${app}`, it.appSettings?.[app]),
    ),
    ...placed<Stamp["consumers"][number]>(it.consumers, `${at}.consumers`).flatMap((consumer) =>
      mistakesIn(`${consumer.at}.appSettings`, consumer.it.appSettings),
    ),
  ]);

function mistakesIn(at: string, settings: Draft<Record<string, string>> = {}): Mistake[] {
  return Object.entries(settings).flatMap(([name, value]): Mistake[] => {
    const path = `${at}.${name}`;
    if (!NAME.test(name)) {
      return [
        {
          path,
          got: `"${name}"`,
          expected: "1–100 letters, digits, dots and underscores, starting with a letter",
          fix: "rename the setting: App Service takes no other characters",
        },
      ];
    }
    if (TAKEN.test(name)) {
      return [
        {
          path,
          got: `"${name}"`,
          expected: "a name that neither the stacks nor App Service set",
          fix: "rename the setting",
        },
      ];
    }
    if (typeof value !== "string") return [];
    const isReference = REFERENCE.test(value);
    if (value.startsWith("@") && !isReference) {
      return [
        {
          path,
          got: `"${value}"`,
          expected: "@Microsoft.KeyVault(SecretUri=https://…) or @Microsoft.KeyVault(VaultName=…;SecretName=…)",
          fix: "correct the reference",
        },
      ];
    }
    if (isReference || (!SECRET_NAME.test(name) && !SECRET_VALUES.some((pattern) => pattern.test(value)))) return [];
    return [
      {
        path,
        // Its value is not repeated: the message goes into logs.
        got: "what looks like a secret",
        expected: "a Key Vault reference",
        fix: "put the secret into a Key Vault, and write @Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<name>)",
      },
    ];
  });
}
