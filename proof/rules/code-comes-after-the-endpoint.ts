import { armId } from "../../synthesized/arm-id";
import { all, blocks, placeOf, referred, stacksBefore } from "../../synthesized/resources";
import type { Rule } from "../rule";

/** Code is pushed by a stack after the one that makes the site's private endpoint, never by the app's own resource. */
export const codeComesAfterTheEndpoint: Rule = {
  name: "code-comes-after-the-endpoint",
  why: "A site without public access answers 403 until its endpoint exists, and the app that was to get code is left tainted.",
  check: (stacks) => {
    const apps = all(stacks, "azurerm_windows_function_app");
    const endpoints = all(stacks, "azurerm_private_endpoint");
    const inline = apps
      .filter(({ block }) => block.zip_deploy_file !== undefined)
      .map((app) => `${placeOf(app)} deploys its code while it is being created`);
    const early = all(stacks, "terraform_data").flatMap((publication) => {
      const site = (publication.block.triggers_replace as { site?: string } | undefined)?.site?.toLowerCase();
      if (site === undefined) return [];
      const app = apps.find((candidate) => armId(candidate) === site);
      if (!app) return [`${placeOf(publication)} publishes to ${site}, which no stack makes`];
      const before = stacksBefore(stacks, publication.stack.name);
      const reachable = endpoints.some(
        (endpoint) =>
          before.has(endpoint.stack.name) &&
          blocks(endpoint.block, "private_service_connection").some(
            (connection) =>
              referred(endpoint, connection.private_connection_resource_id)?.id === app.id &&
              endpoint.stack === app.stack,
          ),
      );
      return reachable ? [] : [`${placeOf(publication)} does not wait for an endpoint of ${String(app.block.name)}`];
    });
    return [...inline, ...early];
  },
};
