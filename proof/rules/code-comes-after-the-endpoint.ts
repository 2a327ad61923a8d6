import { stacksBefore } from "../../synthesized/order";
import { placeOf } from "../../synthesized/resources";
import { appsIn } from "../../synthesized/views/app";
import { privateEndpointsIn } from "../../synthesized/views/private-endpoint";
import { publicationsIn } from "../../synthesized/views/publication";
import type { ProofRule } from "../proof-rule";

/** A later stack publishes the code, behind the one that makes the site's private endpoint. The app's own resource never does. */
export const codeComesAfterTheEndpoint: ProofRule = {
  name: "code-comes-after-the-endpoint",
  why: "A site without public access answers 403 until its endpoint exists. Terraform then marks the app as tainted.",
  check: (stacks) => {
    const apps = appsIn(stacks);
    const endpoints = privateEndpointsIn(stacks);
    const inline = apps
      .filter(({ deploysItsCode }) => deploysItsCode)
      .map(({ resource }) => `${placeOf(resource)} deploys its code while it is being created`);
    const publications = publicationsIn(stacks);
    const without = apps
      .filter(({ id }) => !publications.some(({ siteId }) => siteId === id))
      .map(({ resource, name }) => `${placeOf(resource)} (${name}) gets no code`);
    const astray = publications.flatMap(({ resource, siteId, publishedTo, package: path, hash, triggeredBy }) => {
      const app = apps.find(({ id }) => id === siteId);
      const kind = app && ("CONSUMER_SOURCES" in app.settings ? "consumer" : "producer");
      return [
        ...(publishedTo === siteId ? [] : [`${placeOf(resource)} publishes to ${publishedTo}, and is for ${siteId}`]),
        ...(kind === undefined || path.endsWith(`/${kind}.zip`)
          ? []
          : [`${placeOf(resource)} publishes ${path} to ${app?.name ?? ""}, which is a ${kind}`]),
        ...(triggeredBy === hash ? [] : [`${placeOf(resource)} does not publish again where its package changes`]),
      ];
    });
    const early = publications.flatMap(({ resource: publication, siteId }) => {
      const app = apps.find(({ id }) => id === siteId);
      if (!app) return [`${placeOf(publication)} publishes to ${siteId}, which no stack creates`];
      const before = stacksBefore(stacks, publication.stack.name);
      const reachable = endpoints.some(
        ({ resource, targetId }) => before.has(resource.stack.name) && targetId === siteId,
      );
      return reachable ? [] : [`${placeOf(publication)} does not wait for an endpoint of ${app.name}`];
    });
    return [...inline, ...without, ...astray, ...early];
  },
};
