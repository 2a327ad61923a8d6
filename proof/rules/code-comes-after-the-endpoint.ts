import { stacksBefore } from "../../synthesized/order";
import { all, placeOf } from "../../synthesized/resources";
import { appsIn } from "../../synthesized/views/app";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import type { ProofRule } from "../proof-rule";

/** A later stack publishes the code, behind the one that makes the site's private endpoint. The app's own resource never does. */
export const codeComesAfterTheEndpoint: ProofRule = {
  name: "code-comes-after-the-endpoint",
  why: "A site without public access answers 403 until its endpoint exists, and the app that should get the code is left tainted.",
  check: (stacks) => {
    const apps = appsIn(stacks);
    const endpoints = privateEndpointsIn(stacks);
    const inline = apps
      .filter(({ deploysItsCode }) => deploysItsCode)
      .map(({ resource }) => `${placeOf(resource)} deploys its code while it is being created`);
    const early = all(stacks, "terraform_data").flatMap((publication) => {
      const site = (publication.block.triggers_replace as { site?: string } | undefined)?.site?.toLowerCase();
      if (site === undefined) return [];
      const app = apps.find(({ id }) => id === site);
      if (!app) return [`${placeOf(publication)} publishes to ${site}, which no stack makes`];
      const before = stacksBefore(stacks, publication.stack.name);
      const reachable = endpoints.some(
        ({ resource, targetId }) => before.has(resource.stack.name) && targetId === app.id,
      );
      return reachable ? [] : [`${placeOf(publication)} does not wait for an endpoint of ${app.name}`];
    });
    return [...inline, ...early];
  },
};
