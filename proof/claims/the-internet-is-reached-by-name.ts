import type { GeneralClaim } from "../claim";
import { servicesText } from "../packets/services";

/** What leaves for the Internet passes a firewall that knows the host by its name, or a gateway to where that is decided. */
export const theInternetIsReachedByName: GeneralClaim = {
  name: "the-internet-is-reached-by-name",
  why: "A host sends data to any address of the Internet.",
  needs: "stacks",
  check: ({ reach }) =>
    reach.places
      .filter(({ kind }) => kind === "subnet" || kind === "app" || kind === "machine")
      .flatMap((place) =>
        reach
          .from(place)
          .filter(
            ({ verdict, target, destination }) =>
              verdict !== "cannot" &&
              target?.kind === "internet" &&
              (destination.hosts === undefined || destination.hosts.some(isAny)),
          )
          .map(({ sent, steps }) => ({
            what: `${place.name} reaches every host of the Internet on ${servicesText(sent.service)}`,
            origin: steps.at(-1)?.origin ?? place.origin,
            trace: steps,
          })),
      ),
};

function isAny(host: string): boolean {
  return host === "*" || /^\*\.[a-z]+$/.test(host);
}
