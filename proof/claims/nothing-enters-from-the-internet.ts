import type { GeneralClaim } from "../claim";
import { servicesText } from "../packets/services";

/** Neither by a public address of a machine, nor by a NAT rule of a firewall. */
export const nothingEntersFromTheInternet: GeneralClaim = {
  name: "nothing-enters-from-the-internet",
  why: "A host on the Internet opens connections into the network.",
  needs: "stacks",
  check: ({ reach }) =>
    reach.places
      .filter(({ kind }) => kind === "internet")
      .flatMap((place) => reach.from(place))
      .filter(({ verdict }) => verdict !== "cannot")
      .flatMap(({ sent, steps }) => {
        const last = steps.at(-1);
        if (!last) return [];
        const what = `the Internet reaches ${last.by} on ${servicesText(sent.service)}`;
        return [{ what, origin: steps[0]?.origin ?? last.origin, trace: steps }];
      }),
};
