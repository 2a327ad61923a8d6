import { addressesOf, addressesText, ALL_ADDRESSES } from "../../proof/packets/addresses";
import { Intervals } from "../../proof/packets/intervals";
import { tcp } from "../../proof/packets/services";
import { verdictOn } from "../../proof/prove";
import { byAddress } from "../../proof/reach/decide";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { build } from "../support/build";
import { edited } from "../support/edits";
import { topologyWith, viaGateway } from "../support/topologies";

/** Where the model once allowed less, or more, than Azure and BIND do. */
const topology = topologyWith();
let right: SynthesizedStack[];
beforeAll(() => {
  right = build();
});

test("an app without a route to the firewall gets out by App Service's own addresses", () => {
  const { findings } = verdictOn(
    edited(right, ["network-eastus2", "azurerm_route_table", "spoke-routes"], (table) => {
      table.set("route.0.next_hop_type", "Internet");
      table.set("route.0.next_hop_in_ip_address", null);
    }),
    { topology, rules: [] },
  );
  expect(findings.map(({ what }) => what).join("\n")).toMatch(
    /app lockdown-pc-producer-eastus2 \([^)]*\) reaches the Internet/,
  );
});

test.each([
  ["recursion yes;", "recursion no;", "refuses questions of this place"],
  ["allow-query-cache { clients; };", "allow-query-cache { none; };", "refuses questions of this place"],
  ["listen-on { 127.0.0.1; 10.0.2.4; };", "listen-on { 127.0.0.1; };", "does not listen on its address"],
  ["forward only;", "forward first;", "what is not modelled: forward first"],
  ["recursion yes;", "recursion yes; blackhole { clients; };", "what is not modelled: blackhole"],
  ["* CNAME .", "* CNAME rpz-passthru.", "answers names that nothing lists"],
  ["windows.net CNAME .", "windows.net A 10.0.0.4", "answers names that nothing lists"],
  ["break-dnssec yes", "break-dnssec no", "answers names that nothing lists"],
])("a forwarder's configuration with %s as %s is found", (text, other, finding) => {
  const changed = right.map((stack): SynthesizedStack => {
    if (stack.name !== "network-eastus2") return stack;
    const whole = JSON.stringify(stack.json);
    expect(whole).toContain(text);
    return { ...stack, json: JSON.parse(whole.replaceAll(text, other)) as SynthesizedStack["json"] };
  });
  const { findings } = verdictOn(changed, { topology, rules: [] });
  expect(findings.map(({ what }) => what).join("\n")).toContain(finding);
});

/** What a site of the stacks accepts by its public address, with some lines in its configuration. */
function siteWith(lines: Readonly<Record<string, unknown>>): string {
  const { reach } = verdictOn(
    edited(right, ["workload-eastus2", "azurerm_windows_function_app", "producer"], (app) => {
      app.set("public_network_access_enabled", true);
      for (const [key, value] of Object.entries({ scm_use_main_ip_restriction: true, ...lines }))
        app.set(`site_config.${key}`, value);
    }),
    { rules: [], claims: [] },
  );
  const site = reach?.model.services.find(({ name }) => name === "lockdown-pc-producer-eastus2");
  return `${site?.publicAccess ?? ""} ${site?.accepts.equals(ALL_ADDRESSES) === true ? "everything" : addressesText(site?.accepts.and(addressesOf("203.0.113.0/24")) ?? Intervals.none)}`;
}

test.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
  ["no restriction", { ip_restriction_default_action: "Allow" }, "all everything"],
  [
    "a list that the default does not close",
    { ip_restriction: [{ ip_address: "203.0.113.7/32", action: "Allow" }], ip_restriction_default_action: "Allow" },
    "all everything",
  ],
  [
    "a list",
    {
      ip_restriction: [{ ip_address: "203.0.113.7/32", action: "Allow" }],
      ip_restriction_default_action: "Deny",
    },
    "some 203.0.113.7",
  ],
  [
    "a tag",
    { ip_restriction: [{ service_tag: "AzureFrontDoor.Backend" }], ip_restriction_default_action: "Deny" },
    "some 203.0.113.0/24",
  ],
  [
    "a list, and another one of the SCM host",
    {
      scm_use_main_ip_restriction: false,
      ip_restriction: [{ ip_address: "203.0.113.7/32" }],
      ip_restriction_default_action: "Deny",
      scm_ip_restriction: [{ ip_address: "203.0.113.9/32" }],
      scm_ip_restriction_default_action: "Deny",
    },
    "some 203.0.113.7, 203.0.113.9",
  ],
  [
    "an SCM host without a list",
    {
      scm_use_main_ip_restriction: false,
      ip_restriction_default_action: "Deny",
      scm_ip_restriction_default_action: "Allow",
    },
    "all everything",
  ],
])("a site with %s accepts what Azure lets in", (_, lines, accepts) => {
  expect(siteWith(lines)).toBe(accepts);
});

test("a namespace that denies by default and has no rule accepts every address", () => {
  const { findings } = verdictOn(
    edited(right, ["messaging-eastus2", "azurerm_servicebus_namespace"], (namespace) => {
      namespace.set("public_network_access_enabled", true);
      namespace.set("network_rule_set", [{ default_action: "Deny" }]);
    }),
    { topology, rules: [] },
  );
  expect(findings.map(({ what }) => what)).toContain(
    "lockdown-pc-eastus2 accepts connections from every address of the Internet",
  );
});

test("what comes from on-premises does not cross a peering that uses no gateway", () => {
  const stacks = build(topologyWith(viaGateway("vpn-gateway")));
  const way = (changed: readonly SynthesizedStack[]) => {
    const { reach } = verdictOn(changed, { rules: [], claims: [] });
    const place = reach?.places.find(
      ({ kind, gateway }) => kind === "on-premises" && gateway?.networkId.includes("eastus2"),
    );
    if (!reach || !place) throw new Error("There is no network on-premises.");
    return byAddress(reach, place, addressesOf("10.1.2.7"), tcp(22)).steps.at(-1)?.stage;
  };
  const changed = edited(stacks, ["network-eastus2", "azurerm_virtual_network_peering", "spoke-to-hub"], (peering) => {
    peering.set("use_remote_gateways", false);
  });
  expect([way(stacks), way(changed)]).toEqual(["security group in", "peering"]);
});
