import type { GeneralClaim } from "../claim";

/** Parts of connection strings and addresses that are a key, a signature or a password. */
const KEY = /(^|;)\s*(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=|[?&]sig=/i;

/** Attributes by which azurerm gives a key away: `primary_access_key`, `default_primary_connection_string`, `admin_password`. */
const KEY_ATTRIBUTE =
  /#\w*(access_key|primary_key|secondary_key|connection_string|password|client_secret|sas|sas_url_query_string)$/;

/** Its connection string names the component, and is no secret where the component accepts identities only. */
const INSIGHTS = /\/microsoft\.insights\/components\/[^/]+#connection_string$/i;

export const appsHoldNoKeys: GeneralClaim = {
  name: "apps-hold-no-keys",
  why: "A reader of the settings or of the state has the key: it needs no role, and nothing says who used it.",
  needs: "stacks",
  check: ({ model }) =>
    model.apps.flatMap(({ name, settings, origin }) =>
      Object.entries(settings)
        .filter(([, value]) => KEY.test(value) || (KEY_ATTRIBUTE.test(value) && !INSIGHTS.test(value)))
        .map(([key]) => ({ what: `the setting ${key} of ${name} holds a key`, origin })),
    ),
};
