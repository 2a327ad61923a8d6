import { build, SUBSCRIPTION } from "../support/build";
import { secondStamp, topologyWith, viaGateway } from "../support/topologies";

const TOPOLOGIES = [
  ["the reference topology", topologyWith()],
  ["two stamps", topologyWith((_, input) => secondStamp(input, "blue", 4))],
  ["a VPN gateway", topologyWith(viaGateway("vpn-gateway"))],
  [
    "Entra authentication",
    topologyWith((stamp) => {
      stamp.authentication = { tenantId: SUBSCRIPTION, clientId: SUBSCRIPTION, allowedApplications: [SUBSCRIPTION] };
    }),
  ],
] as const;

describe.each(TOPOLOGIES)("%s", (_, topology) => {
  const stacks = build(topology);

  test("no stack reads another's state, has an output or a data source", () => {
    for (const { json } of stacks) {
      expect(json.data).toBeUndefined();
      expect(json.output).toBeUndefined();
      expect(JSON.stringify(json)).not.toContain("terraform_remote_state");
    }
  });

  test("no key, SAS or literal connection string", () => {
    for (const { name, json } of stacks) {
      const text = JSON.stringify(json);
      const found = [
        /SharedAccessKey/i,
        /AccountKey=/i,
        /InstrumentationKey=/i,
        /sig=[A-Za-z0-9%]{20,}/,
        /BEGIN [A-Z ]*PRIVATE KEY/,
        /"(admin_password|shared_key|storage_account_access_key|client_secret|password)":/,
        /(primary|secondary)_(access_key|connection_string|key)/,
      ].filter((secret) => secret.test(text));
      expect({ name, found }).toEqual({ name, found: [] });
    }
  });
});
