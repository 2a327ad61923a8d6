import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { verdictOn } from "../../proof/prove";
import { loadTopology } from "../../topology/load";
import type { Topology, TopologyInput } from "../../topology/schema";
import { validate } from "../../topology/validate";
import { build } from "../support/build";
import { firstStamp, forwardersOf, RECOVERIES, type StampInput, topologyWith, viaGateway } from "../support/topologies";

/** A finding stops a deployment: what a user may declare has none. */
const EXAMPLES = join(__dirname, "../../docs/examples");
const LEDGER = { hosts: ["ledger.internal.example.com"], addresses: ["10.200.5.4"], why: "the ledger of the bank" };

const OPERATORS = [
  ["in workload-subnet", ["10.1.2.144/28", "10.3.2.144/28"]],
  ["in the hub of one region", ["10.0.9.0/28"]],
  ["beyond the hubs", ["192.168.70.0/28"]],
] as const;
const ON_CALL = { principalId: "12121212-3434-5656-7878-909090909090" };
const TO_QUEUES = { principalId: "21212121-3434-5656-7878-909090909090", entities: ["QUEUE1"] };

function findingsOf(declared: Topology) {
  return verdictOn(build(declared), { topology: declared }).findings;
}

test.each(
  readdirSync(EXAMPLES)
    .filter((file) => file.endsWith(".json") && file !== "mistaken.json")
    .map((file) => [file]),
)("%s proves clean", (file) => {
  const example = loadTopology(join(EXAMPLES, file));
  expect(findingsOf(example)).toEqual([]);
});

test.each(["vpn-gateway", "expressroute"] as const)("egress by %s proves clean", (via) => {
  const declared = topologyWith(viaGateway(via));
  expect(findingsOf(declared)).toEqual([]);
});

test.each(["failed-over", "unpaired"] as const)("a pair that is %s proves clean", (state) => {
  const declared = topologyWith((stamp) => stamp.pairing && (stamp.pairing.state = state));
  expect(findingsOf(declared)).toEqual([]);
});

test.each(RECOVERIES)("a pair %s proves clean", (_, edit) => {
  expect(findingsOf(topologyWith(edit))).toEqual([]);
});

/** Edits that the README tells a user to make. */
test.each<readonly [string, (stamp: StampInput) => void]>([
  ["callers beyond the hub", (stamp) => (stamp.access = { ...stamp.access, callers: ["192.168.50.0/24"] })],
  ["agents beyond the hub", (stamp) => (stamp.access = { ...stamp.access, deployAgents: ["192.168.60.0/24"] })],
  ...OPERATORS.map(
    ([where, ranges]) =>
      [
        `operators ${where}`,
        (stamp: StampInput) =>
          (stamp.access = { ...stamp.access, operators: { ranges: [...ranges], principals: [ON_CALL, TO_QUEUES] } }),
      ] as const,
  ),
  ["an existing endpoint on 443", (stamp) => (stamp.access = { ...stamp.access, existingEndpoints: [LEDGER] })],
  [
    "an existing endpoint in a subnet of the hub that no stack makes",
    (stamp) =>
      (stamp.access = {
        ...stamp.access,
        existingEndpoints: [{ ...LEDGER, addresses: ["10.0.9.4"], regions: ["eastus2"] }],
      }),
  ],
  [
    "a conditional forward to a server there",
    (stamp) =>
      (stamp.forwarders = {
        ...forwardersOf(stamp),
        conditionalForwards: [{ zone: "corp.example.com", servers: ["10.0.9.9"] }],
      }),
  ],
  [
    "connections of the user's code",
    (stamp) =>
      (stamp.appSettings = {
        producer: { AUDIT__fullyQualifiedNamespace: "other.servicebus.windows.net" },
        consumer: { MY__clientId: "abc" },
      }),
  ],
])("%s: proves clean", (_, edit) => {
  const declared = topologyWith(edit);
  expect(findingsOf(declared)).toEqual([]);
});

test("how another owner leads what is beyond his hub to his own servers is not this topology's", () => {
  const input = JSON.parse(readFileSync(join(EXAMPLES, "existing-hubs.json"), "utf8")) as TopologyInput;
  const stamp = firstStamp(input);
  stamp.access = { ...stamp.access, callers: ["192.168.20.0/24"] };
  for (const { existingHub } of stamp.regions) existingHub?.dns.serves?.push("192.168.20.0/24");
  const declared = validate(input);
  expect(findingsOf(declared)).toEqual([]);
});

test("operators of regions with one set of zones prove clean", () => {
  const input = JSON.parse(readFileSync(join(EXAMPLES, "shared-zones.json"), "utf8")) as TopologyInput;
  for (const stamp of input.stamps)
    stamp.access = {
      ...stamp.access,
      operators: { ranges: ["10.1.2.144/28", "10.3.2.144/28"], principals: [ON_CALL] },
    };
  expect(findingsOf(validate(input))).toEqual([]);
});
