import { all, blocks, placeOf } from "../../synthesized/resources";
import { appsIn } from "../../synthesized/views/app";
import type { ProofRule } from "../proof-rule";

/** Keys are off on both sides: what would use one, and what would accept one. */
export const nothingNeedsAKey: ProofRule = {
  name: "nothing-needs-a-key",
  why: "A host that needs a key of an account that accepts none does not start.",
  check: (stacks) => [
    ...all(stacks, "azurerm_storage_account")
      .filter(({ block }) => block.shared_access_key_enabled !== false)
      .map((account) => `${placeOf(account)} accepts keys`),
    ...all(stacks, "azurerm_servicebus_namespace")
      .filter(({ block }) => block.local_auth_enabled !== false)
      .map((namespace) => `${placeOf(namespace)} accepts SAS keys`),
    ...all(stacks, "azurerm_application_insights")
      .filter(({ block }) => block.local_authentication_disabled !== true)
      .map((insights) => `${placeOf(insights)} accepts its instrumentation key`),
    ...appsIn(stacks).flatMap(({ resource, settings, usesManagedIdentityForStorage }) => {
      const needs = [
        [usesManagedIdentityForStorage, "its storage by key"],
        [!("WEBSITE_CONTENTAZUREFILECONNECTIONSTRING" in settings), "a content share, which is mounted by key"],
        [
          !("ServiceBus" in settings) && "ServiceBus__fullyQualifiedNamespace" in settings,
          "Service Bus by connection string",
        ],
        [
          /Authorization=AAD/.test(settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING ?? ""),
          "Application Insights by key",
        ],
      ] as const;
      return needs.filter(([holds]) => !holds).map(([, what]) => `${placeOf(resource)} uses ${what}`);
    }),
    ...stacks
      .filter((stack) =>
        blocks(stack.json.provider ?? {}, "azurerm").some((provider) =>
          Object.keys(provider).some((key) => /^(client_secret|client_certificate(_password)?|oidc_token)$/.test(key)),
        ),
      )
      .map((stack) => `${stack.name}: the provider holds a secret of who deploys`),
    ...all(stacks, "azurerm_log_analytics_workspace")
      .filter(
        ({ block }) => block.local_authentication_enabled === true || block.local_authentication_disabled === false,
      )
      .map((workspace) => `${placeOf(workspace)} accepts its key`),
    ...stacks
      .filter((stack) => all([stack], "azurerm_storage_account").length > 0)
      .filter((stack) =>
        blocks(stack.json.provider ?? {}, "azurerm").some(({ storage_use_azuread }) => storage_use_azuread !== true),
      )
      .map((stack) => `${stack.name}: azurerm reads storage by key`),
  ],
};
