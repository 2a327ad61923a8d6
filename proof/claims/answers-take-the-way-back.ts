import type { GeneralClaim } from "../claim";
import { servicesText } from "../packets/services";

/** Of what everything else lets through. */
export const answersTakeTheWayBack: GeneralClaim = {
  name: "answers-take-the-way-back",
  why: "A firewall drops answers to what it did not see, and connections time out although every rule allows them.",
  needs: "stacks",
  check: ({ reach }) =>
    reach.places
      .filter(({ kind }) => kind === "subnet" || kind === "app" || kind === "machine")
      .flatMap((place) =>
        reach.from(place).flatMap(({ sent, steps }) => {
          const last = steps.at(-1);
          if (last?.stage !== "return") return [];
          const what = `${place.name} on ${servicesText(sent.service)}: ${last.why}`;
          return [{ what, origin: last.origin, trace: steps }];
        }),
      ),
};
