import { AZURE_RESOLVER } from "../../azure-facts/addresses";
import type { GeneralClaim } from "../claim";
import { allOf } from "../packets/addresses";

/** BIND as it is delivered: it asks Azure's resolver, validates nothing, and answers the networks that use it. */
export const forwardersAnswerFromPrivateZones: GeneralClaim = {
  name: "forwarders-answer-from-private-zones",
  why: "Private zones have no DNSSEC data, and only Azure's resolver knows them: every private name fails, or leads to a public address.",
  needs: "stacks",
  check: ({ model, reach }) =>
    model.forwarders.flatMap(({ name, configuration, addresses, networkId, isDeclared, origin }) => {
      const says = (what: string) => ({ what: `${name} ${what}`, origin });
      const isAsked = model.networks.some(({ dnsServers }) => dnsServers.some((server) => addresses.includes(server)));
      // A machine that nothing asks and nothing configures is no forwarder.
      if (!configuration) return isAsked ? [says("has no configuration of BIND")] : [];
      const users = model.networks.filter(
        (network) =>
          !network.isDeclared &&
          network.dnsServers.some((server) => addresses.includes(server)) &&
          (network.id === networkId || reach.lookup.peersOf(network.id).some(({ own }) => own.remoteId === networkId)),
      );
      const refused = users.filter((network) => !network.addresses.isWithin(configuration.clients));
      return [
        ...(configuration.forwarders.length === 1 && configuration.forwarders[0] === AZURE_RESOLVER
          ? []
          : [says(`asks ${configuration.forwarders.join(", ") || "no forwarder"}, and not Azure's resolver alone`)]),
        ...(allOf(addresses).isWithin(configuration.listensOn)
          ? []
          : [says(`does not listen on its address in the network, ${addresses.join(", ")}`)]),
        ...(configuration.validatesDnssec ? [says("validates DNSSEC")] : []),
        ...(isDeclared ? [] : refused.map((network) => says(`refuses questions of ${network.name}`))),
      ];
    }),
};
