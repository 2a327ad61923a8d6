import { App, TerraformStack } from "cdktf";
import { Port } from "../../../constructs/network/port";
import { SecurityGroup } from "../../../constructs/network/security-group";
import { build, ofType } from "../../support/build";
import { forwardersOf, secondStamp, topologyWith, viaGateway } from "../../support/topologies";

interface SecurityRule {
  readonly name: string;
  readonly description: string;
  readonly direction: string;
  readonly access: string;
  readonly priority: number;
}

const ACCESS = {
  producersInWorkloadSubnet: true,
  callers: ["192.168.1.0/24"],
  deployAgents: ["10.0.9.0/24", "192.168.2.0/24"],
};
const TOPOLOGIES = [
  topologyWith((stamp) => {
    stamp.access = ACCESS;
    forwardersOf(stamp).conditionalForwards = [{ zone: "corp.example.com", servers: ["192.168.0.10", "192.168.0.11"] }];
  }),
  topologyWith(viaGateway("vpn-gateway")),
  topologyWith((_, input) => secondStamp(input, "blue", 4)),
];

test("Azure takes every group: names and priorities are unlike, descriptions short enough", () => {
  const groups = TOPOLOGIES.flatMap((topology) => build(topology)).flatMap((stack) =>
    ofType(stack, "azurerm_network_security_group"),
  );
  expect(groups.length).toBeGreaterThan(0);
  for (const group of groups) {
    const rules = group.security_rule as SecurityRule[];
    expect(new Set(rules.map(({ name }) => name.toLowerCase())).size).toBe(rules.length);
    expect(new Set(rules.map(({ direction, priority }) => `${direction} ${priority}`)).size).toBe(rules.length);
    for (const { name, description, priority } of rules) {
      expect(name).toMatch(/^[A-Za-z0-9][\w.-]{0,78}\w$/);
      expect(description.length).toBeGreaterThan(10);
      expect(description.length).toBeLessThanOrEqual(140);
      expect(priority).toBeGreaterThanOrEqual(100);
      expect(priority).toBeLessThanOrEqual(4096);
    }
  }
});

describe("a group", () => {
  const group = () =>
    new SecurityGroup(new TerraformStack(new App(), "stack"), "group", {
      name: "nsg",
      location: "eastus2",
      resourceGroupName: "rg",
      tags: {},
    });
  const flow = {
    name: "to-there",
    from: ["10.0.0.0/24"],
    to: ["10.0.1.4"],
    port: Port.https,
    reason: "Because it has to.",
  };

  test("refuses a second rule of one name, and a reason Azure would refuse", () => {
    const one = group();
    one.allowOutbound(flow);
    expect(() => {
      one.allowOutbound(flow);
    }).toThrow("There is a rule to-there-https already");
    expect(() => {
      one.allowInbound({ ...flow, name: "long", reason: "x".repeat(141) });
    }).toThrow("141 characters");
  });

  test("keeps a priority that is asked for, and numbers the others around it", () => {
    const one = group();
    one.allowOutbound({ ...flow, name: "first" });
    one.allowOutbound({ ...flow, name: "asked", priority: 110 });
    one.allowOutbound({ ...flow, name: "third" });
    const rules = one.resource.securityRuleInput as { name: string; priority: number }[];
    expect(rules.map(({ name, priority }) => [name, priority])).toEqual([
      ["deny-all-inbound", 4096],
      ["first-https", 100],
      ["asked-https", 110],
      ["third-https", 120],
      ["deny-all-outbound", 4096],
    ]);
  });
});
