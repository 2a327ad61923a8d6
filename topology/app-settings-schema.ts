import { z } from "zod";
import { field, says } from "./fields";

/** What names may be: see `rules/app-settings-are-the-users.ts`. */
export const settingsSchema = z.record(z.string(), z.string(says("a text", "write the value in quotation marks")));

/** Settings of the user's own, for his code. */
export const appSettingsSchema = z.strictObject({
  producer: field(
    settingsSchema.default({}),
    "Settings of the producer, by name. The code reads them in `process.env`.",
    {
      example: { ORDER_PREFIX: "web-" },
    },
  ),
  consumer: field(
    settingsSchema.default({}),
    "Settings of the consumer, by name. A secret is a Key Vault reference, which the app resolves by its own identity: give the identity the role Key Vault Secrets User, and the vault a path (`access.egress`).",
    { example: { API_KEY: "@Microsoft.KeyVault(SecretUri=https://my-vault.vault.azure.net/secrets/api-key)" } },
  ),
});
