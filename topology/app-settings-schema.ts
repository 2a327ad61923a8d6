import { z } from "zod";
import { field, says } from "./fields";

const NAME = says(
  "1–100 letters, digits, dots and underscores, starting with a letter",
  "rename the setting: App Service takes no other characters",
);

const settingsSchema = z.record(
  z.string(NAME).regex(/^[A-Za-z][A-Za-z0-9_.]{0,99}$/, NAME),
  z.string(says("a text", "write the value in quotation marks")),
);

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
