import type { GeneralClaim } from "../claim";
import type { App } from "../network/model";

/** Each connection of a function's host that signs in by an identity names the app's own. Settings of other forms are the code's. */
export const appsSignInAsThemselves: GeneralClaim = {
  name: "apps-sign-in-as-themselves",
  why: "The host asks for a token of an identity that the app does not have, and is refused.",
  needs: "stacks",
  check: ({ model }) =>
    model.apps.flatMap((app) => {
      const { name, settings, identityIds, origin } = app;
      const meant = `${identityIds[0] ?? ""}#client_id`;
      const telemetry = settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING;
      return [
        ...connectionsOf(app).flatMap((connection) => wrongIn(connection, app, meant)),
        ...(telemetry === undefined || telemetry.split(";").includes(`ClientId=${meant}`)
          ? []
          : [`APPLICATIONINSIGHTS_AUTHENTICATION_STRING of ${name} does not name its own identity`]),
      ].map((what) => ({ what, origin }));
    }),
};

/**
 * The host's own connection to its storage, and each that says that it signs in by a managed identity: others are the code's
 * (learn.microsoft.com/azure/azure-functions/functions-reference, "Common properties for identity-based connections").
 */
function connectionsOf({ settings }: App): string[] {
  const names = Object.keys(settings).flatMap((key) => {
    const [, connection] = /^(AzureWebJobsStorage)__/.exec(key) ?? /^(.+)__credential$/.exec(key) ?? [];
    return connection ?? [];
  });
  return [...new Set(names)];
}

function wrongIn(connection: string, { name, settings, identityIds, id }: App, meant: string): string[] {
  const [credential, client] = [settings[`${connection}__credential`], settings[`${connection}__clientId`]];
  if (credential?.toLowerCase() !== "managedidentity") {
    // Without a credential the host takes the identity that Azure made for the app.
    if (identityIds.includes(id) && client === undefined && credential === undefined) return [];
    return [`${connection}__credential of ${name} is ${credential ?? "missing"}, and not managedidentity`];
  }
  return client === meant
    ? []
    : [`${connection}__clientId of ${name} is ${client ?? "missing"}, which is not its own identity's`];
}
