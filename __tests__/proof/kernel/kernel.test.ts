import { AZURE_RESOLVER } from "../../../azure-facts/addresses";
import type { Model } from "../../../proof/network/model";
import { addressesOf, numberOf } from "../../../proof/packets/addresses";
import { Intervals } from "../../../proof/packets/intervals";
import { tcp, udp } from "../../../proof/packets/services";
import { modelled } from "../../../proof/prove";
import { byAddress } from "../../../proof/reach/decide";
import { resolves } from "../../../proof/reach/names";
import { partOf } from "../../../proof/reach/place";
import { type Aliases, aliasesOf, failedOver } from "../../../proof/reach/public-dns";
import type { Reach } from "../../../proof/reach/reach";
import { askedBy } from "../../../proof/report/names";
import type { SynthesizedStack } from "../../../synthesized/cdktf-out";
import { build } from "../../support/build";
import { canUnshare, has, testWhere } from "../../support/programs";
import { topologyWith } from "../../support/topologies";
import { found, type Host } from "./hosts";
import { type Lab, labOf, type Probe, type Question } from "./lab";
import { PUBLIC_ADDRESS } from "./names";

jest.setTimeout(300_000);

/**
 * The reference topology as a network of the kernel's own: a network namespace for each interface, security groups as nftables, routes as policy routing, the delivered BIND, and a proxy that reads
 * server names. It is made from the model's items without the engine. What it answers to real packets is what the engine says.
 */
const programs = ["ip", "nft", "named", "dig", "sysctl", "xargs"];
const missing = programs.filter((program) => !has(program));
const reason =
  missing.length > 0
    ? `${missing.join(", ")} is missing: apt-get install iproute2 nftables bind9 bind9-dnsutils`
    : "network namespaces are not allowed here";
const testInKernel = testWhere(missing.length === 0 && canUnshare(), reason);

/** One port of each class that a rule or a service tells apart, and one that none does. */
const TCP_PORTS = [22, 53, 80, 443, 5671, 5672, 9000];
const UDP_PORTS = [53, 123, 443];

let stacks: readonly SynthesizedStack[];
let reach: Reach;
let lab: Lab;

beforeAll(() => {
  stacks = build(topologyWith());
  reach = found(modelled(stacks).reach);
  lab = labOf(reach.model, stacks);
});

const placeOfHost = ({ place = "", address }: Host) => {
  const whole = found(
    reach.places.find(
      (each) => (each.name === place || each.name.startsWith(`${place} (`)) && each.addresses.has(numberOf(address)),
    ),
  );
  return partOf(whole, Intervals.of(numberOf(address)), `${place} at ${address}`);
};
const sendersOf = (hosts: readonly Host[]) => hosts.filter(({ place }) => place !== undefined);

/** Every host with every other, on every port; and with every name on the Internet. */
function connections({ hosts, publicHosts }: Lab): (Question & { readonly probe: Extract<Probe, { port: number }> })[] {
  const ends = [
    ...hosts.filter(({ behind }) => !behind).map(({ address }) => ({ address })),
    ...publicHosts.map(({ name, address }) => ({ address, host: name })),
  ];
  return sendersOf(hosts).flatMap((from) =>
    ends
      .filter(({ address }) => address !== from.address)
      .flatMap((end) => [
        ...TCP_PORTS.map((port) => ({ from, probe: { kind: "tcp" as const, port, ...end } })),
        ...UDP_PORTS.map((port) => ({ from, probe: { kind: "udp" as const, port, ...end } })),
      ]),
  );
}

/** `answered` or `nothing`; undefined where the engine does not know. */
function expected({ from, probe }: ReturnType<typeof connections>[number]): string | undefined {
  const service = probe.kind === "tcp" ? tcp(probe.port) : udp(probe.port);
  const { verdict } = byAddress(reach, placeOfHost(from), addressesOf(probe.address), service, probe.host);
  return { reaches: "answered", cannot: "nothing", unknown: undefined }[verdict];
}

const line = ({ from, probe }: Question, result: string) =>
  `${from.place ?? ""} at ${from.address}: ${probe.kind} ${probe.kind === "name" ? "" : `${probe.address} ${probe.port}`} ${probe.host ?? ""}: ${result}`;

/** What the kernel and the engine do not agree on. */
function differences(
  questions: readonly Question[],
  said: readonly (string | undefined)[],
  answers: readonly string[],
): string[] {
  return questions.flatMap((question, index) => {
    const [engine, kernel] = [said[index], answers[index]];
    return engine === undefined || engine === kernel
      ? []
      : [line(question, `the engine says ${engine}, the kernel ${kernel ?? ""}`)];
  });
}

type Named = Question & { readonly probe: Extract<Probe, { kind: "name" }> };

/** Every host with every name of the stacks and of the Internet, asked as the host's network says. */
function names({ hosts, publicHosts }: Lab): Named[] {
  const all = new Set([...askedBy(reach.places.slice(0, 1), reach), ...publicHosts].map(({ name }) => name));
  return sendersOf(hosts).flatMap((from) => {
    const network = reach.model.networks.find(({ id }) => id === from.networkId);
    if (from.behind || !network) return [];
    const servers = network.dnsServers.length > 0 ? network.dnsServers : [AZURE_RESOLVER];
    return [...all].map((host) => ({ from, probe: { kind: "name" as const, servers, host } }));
  });
}

function expectedAnswer({ from, probe: { host } }: Named, aliases: Aliases): string | undefined {
  const { answer } = resolves(host, placeOfHost(from), aliases, reach);
  switch (answer.kind) {
    case "private":
      return answer.addresses.join(" ");
    case "public":
      return lab.publicHosts.find(({ name }) => name === host)?.address ?? PUBLIC_ADDRESS;
    case "nothing":
      return answer.why.endsWith("NXDOMAIN") ? "ENOTFOUND" : "ETIMEOUT";
    case "unknown":
      return undefined;
  }
}

testInKernel(
  "every pair of places, every class of ports and every name: real packets are answered as the engine says",
  () => {
    const [pairs, asked] = [connections(lab), names(lab)];
    const said = [...pairs.map(expected), ...asked.map((each) => expectedAnswer(each, aliasesOf(reach.lookup)))];
    const questions = [...pairs, ...asked];
    expect(differences(questions, said, lab.ask(questions))).toEqual([]);
    const count = (is: (answer: string) => boolean) => said.filter((each) => each !== undefined && is(each)).length;
    // Most is closed; what is open is not nothing; and what is not known is not compared.
    expect(count((each) => each === "answered")).toBeGreaterThan(50);
    expect(count((each) => each === "nothing")).toBeGreaterThan(2000);
    expect(count((each) => each.startsWith("10."))).toBeGreaterThan(20);
  },
);

testInKernel("after a failover BIND as it is delivered answers every name as the engine says", () => {
  const asked = names(lab);
  const said = asked.map((each) => expectedAnswer(each, failedOver(reach.lookup)));
  expect(differences(asked, said, lab.ask(asked, true))).toEqual([]);
  expect(said).not.toEqual(asked.map((each) => expectedAnswer(each, aliasesOf(reach.lookup))));
});

testInKernel("a lab with mistakes disagrees, about each of them", () => {
  const { model } = reach;
  const [half] = model.peerings;
  const wrong: Model = {
    ...model,
    peerings: model.peerings.slice(1),
    securityGroups: model.securityGroups.map((group) => ({
      ...group,
      rules: group.rules.filter(({ allows, direction }) => allows || direction === "Inbound"),
    })),
    firewalls: model.firewalls.map((firewall) => ({
      ...firewall,
      rules: firewall.rules.filter(({ hosts = [] }) => !hosts.includes("management.azure.com")),
    })),
  };
  const questions = connections(lab);
  const found = differences(questions, questions.map(expected), labOf(wrong, stacks).ask(questions)).join("\n");
  expect(half?.name).toBe("hubtospoke");
  // Without the half, the region's apps do not reach their forwarders.
  expect(found).toMatch(/app .*centralus.* udp 10\.2\.2\.4 53 : the engine says answered, the kernel nothing/);
  // Without the last rule, Azure's defaults allow what is in the network.
  expect(found).toMatch(/the engine says nothing, the kernel answered/);
  expect(found).toMatch(/management\.azure\.com: the engine says answered, the kernel nothing/);
});
