import { verdictOn } from "../../proof/prove";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { build } from "../support/build";
import { edited } from "../support/edits";
import { topologyWith } from "../support/topologies";

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
