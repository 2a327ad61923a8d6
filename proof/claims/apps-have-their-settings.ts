import type { DeclaredClaim } from "../claim";
import { appParts } from "../declared/app-part";

const EVERY_APP = [
  "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
  "AzureWebJobsStorage__clientId",
  "AzureWebJobsStorage__credential",
  "ServiceBus__clientId",
  "ServiceBus__credential",
  "ServiceBus__fullyQualifiedNamespace",
  "WEBSITE_RUN_FROM_PACKAGE",
];

const PRODUCER = ["PRODUCER_ENTITIES", "PRODUCER_LIMITS", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"];
const CONSUMER = ["CONSUMER_SOURCES"];

/** Each setting that the app needs, each that the topology adds, and no other: a setting may switch a trigger off, or lead the host elsewhere. */
export const appsHaveTheirSettings: DeclaredClaim = {
  name: "apps-have-their-settings",
  why: "The app does not start, refuses what it should take, or does something that the topology does not show.",
  needs: "topology",
  check: ({ topology, reach }) =>
    appParts(topology.stamps, reach).flatMap(({ app, stamp, isProducer, ownSettings }) => {
      const needed = [
        ...EVERY_APP,
        ...(isProducer ? PRODUCER : CONSUMER),
        ...(isProducer || stamp.refusedMessages === undefined ? [] : ["REFUSED_QUEUE"]),
        ...Object.keys(ownSettings),
      ];
      return [
        ...needed.filter((key) => app.settings[key] === undefined).map((key) => `${app.name} lacks the setting ${key}`),
        ...Object.keys(app.settings)
          .filter((key) => !needed.includes(key))
          .map((key) => `${app.name} has the setting ${key}, which neither the design nor the topology has`),
      ].map((what) => ({ what, origin: app.origin }));
    }),
};
