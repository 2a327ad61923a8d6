import type { GeneralClaim } from "../claim";

/** Parts of connection strings and addresses that are a key, a signature or a password. */
const KEY = /(^|;)\s*(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=|[?&]sig=/i;

/** Attributes by which azurerm gives a key away, wherever in a value: `primary_access_key`, `default_primary_connection_string`, `admin_password`. */
const KEY_ATTRIBUTE =
  /[#.](\w*(access_key|primary_key|secondary_key|connection_string(_alias)?|password|client_secret)|sas(_url_query_string)?)\b/;

/** A component's connection string names it, and is no secret where the component accepts identities only. */
const INSIGHTS =
  /(\/microsoft\.insights\/components\/[^/#]+#|azurerm_application_insights\.[\w-]+\.)connection_string/gi;

/** A storage account's key, as it is written: 64 bytes. */
const STORAGE_KEY = /^[A-Za-z0-9+/]{86}==$/;

export const appsHoldNoKeys: GeneralClaim = {
  name: "apps-hold-no-keys",
  why: "A reader of the settings or of the state has the key: it needs no role, and nothing says who used it.",
  needs: "stacks",
  check: ({ model }) =>
    model.apps.flatMap(({ name, settings, keyBlocks, origin }) => [
      ...Object.entries(settings)
        .filter(([, value]) => isKey(value))
        .map(([key]) => ({ what: `the setting ${key} of ${name} holds a key`, origin })),
      ...keyBlocks.map((block) => ({ what: `${block} of ${name} holds a key`, origin })),
    ]),
};

function isKey(value: string): boolean {
  return KEY.test(value) || STORAGE_KEY.test(value) || KEY_ATTRIBUTE.test(value.replace(INSIGHTS, ""));
}
