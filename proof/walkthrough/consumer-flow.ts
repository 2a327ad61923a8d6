import {
  appPlace,
  busHost,
  questionsReachTheForwarders,
  theConnectionOpens,
  theForwardersFindTheEndpoint,
  theNetworkNamesTheForwarders,
} from "./shared";
import { type Evidence, fact, missing, type Scene, type Walk } from "./step";

/** "Consumer Flow" of the design document: a function that is integrated with the spoke. */
export const consumerFlow: Walk = {
  title: "Consumer Flow",
  steps: [
    {
      says: "The consumer is integrated with integration-subnet, and everything that it sends goes by it.",
      evidence: isIntegrated,
    },
    { says: "Its trigger takes from the entities of the namespace all the time.", evidence: isTriggered },
    {
      says: "It asks for the namespace's name: its question goes by integration-subnet and reaches the forwarders.",
      evidence: (scene) =>
        withConsumer(scene, (place) => questionsReachTheForwarders(place, scene.primary, scene.proof.reach)),
    },
    {
      says: "The network that it is integrated with names the forwarders in the hub as its DNS servers.",
      evidence: ({ primary }) => theNetworkNamesTheForwarders(primary),
    },
    {
      says: "The forwarders ask Azure's resolver, which answers from the private zone with the endpoint's address.",
      evidence: ({ primary, proof }) => theForwardersFindTheEndpoint(primary, primary, proof.reach),
    },
    {
      says: "It connects to the endpoint's address by integration-subnet, and receives.",
      evidence: (scene) =>
        withConsumer(scene, (place) => theConnectionOpens(place, scene.primary, scene.primary, scene.proof.reach)),
    },
  ],
};

type ConsumerPlace = NonNullable<ReturnType<typeof appPlace>>;

function withConsumer({ primary }: Scene, evidence: (place: ConsumerPlace) => Evidence[]): Evidence[] {
  const name = primary.region.functionApps.consumer;
  const place = appPlace(primary, name);
  return place ? evidence(place) : missing(`app ${name}`);
}

function isIntegrated(scene: Scene): Evidence[] {
  return withConsumer(scene, ({ app }) => [
    fact(app?.subnetId === scene.primary.integration.id, `${app?.name ?? ""} is in integration-subnet`, app?.origin),
    fact(app?.routesAll === true, "vnet_route_all_enabled is on", app?.origin),
  ]);
}

function isTriggered(scene: Scene): Evidence[] {
  return withConsumer(scene, ({ app }) => {
    const settings = app?.settings ?? {};
    const host = settings.ServiceBus__fullyQualifiedNamespace ?? "nothing";
    return [
      fact(host === busHost(scene.primary), `its trigger's connection is ${host}`, app?.origin),
      fact(
        (settings.CONSUMER_SOURCES ?? "[]") !== "[]",
        `it takes from ${settings.CONSUMER_SOURCES ?? "nothing"}`,
        app?.origin,
      ),
      fact(app?.alwaysOn === true, "always_on is on", app?.origin),
    ];
  });
}
