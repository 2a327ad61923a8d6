import type { GeneralClaim } from "../claim";

export const publicAddressesAreTheHubs: GeneralClaim = {
  name: "public-addresses-are-the-hubs",
  why: "A machine with a public address is reached from the Internet, and reaches it past the firewall.",
  needs: "stacks",
  check: ({ model }) =>
    model.interfaces
      .filter(({ publicAddress }) => publicAddress !== undefined)
      .map(({ name, origin }) => ({ what: `${name} has a public address`, origin })),
};
