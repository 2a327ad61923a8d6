import type { GeneralClaim } from "../claim";

const CREDENTIAL = "__credential";

/** Each connection that signs in by a managed identity names the app's own. Settings of other forms are the code's. */
export const appsSignInAsThemselves: GeneralClaim = {
  name: "apps-sign-in-as-themselves",
  why: "The host asks for a token of an identity that the app does not have, and is refused.",
  needs: "stacks",
  check: ({ model }) =>
    model.apps.flatMap(({ name, settings, identityIds: [own = ""], origin }) => {
      const meant = `${own}#client_id`;
      const named = Object.entries(settings)
        .filter(([key, value]) => key.endsWith(CREDENTIAL) && value.toLowerCase() === "managedidentity")
        .map(([key]) => `${key.slice(0, -CREDENTIAL.length)}__clientId`)
        .map((key) => [key, settings[key]] as const);
      const telemetry = settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING;
      return [
        ...named
          .filter(([, value]) => value !== meant)
          .map(([key, value]) => ({
            what: `${key} of ${name} is ${value ?? "missing"}, which is not its own identity's`,
            origin,
          })),
        ...(telemetry === undefined || telemetry.split(";").includes(`ClientId=${meant}`)
          ? []
          : [{ what: `APPLICATIONINSIGHTS_AUTHENTICATION_STRING of ${name} does not name its own identity`, origin }]),
      ];
    }),
};
