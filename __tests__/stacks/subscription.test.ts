import { NO_SUBSCRIPTION } from "../../stacks/guarded-stack";
import { ZERO_SUBSCRIPTION } from "../../topology/arm-ids";
import { build, only } from "../support/build";
import { topologyWith } from "../support/topologies";

test.each([[undefined], ["11111111-2222-3333-4444-555555555555"]])(
  "every stack asks for its subscription (%s)",
  (subscription) => {
    for (const stack of build(topologyWith(), subscription ?? ZERO_SUBSCRIPTION)) {
      expect(stack.json.locals).toMatchObject({ subscription: subscription ?? ZERO_SUBSCRIPTION });
      const guard = stack.json.resource?.terraform_data?.["subscription-is-set"];
      expect(guard?.lifecycle).toEqual({
        precondition: [
          { condition: `\${local.subscription != "${ZERO_SUBSCRIPTION}"}`, error_message: NO_SUBSCRIPTION },
        ],
      });
    }
  },
);

test("state is a local file beside the output folder, or one key per stack of the named backend, by Entra", () => {
  for (const { name, json } of build()) {
    expect(json.terraform?.backend).toEqual({ local: { path: `../../../terraform.${name}.tfstate` } });
  }
  const remote = topologyWith((_, input) => {
    input.backend = { resourceGroup: "state-rg", storageAccount: "tfstate4711", container: "tfstate" };
  });
  for (const { name, json } of build(remote)) {
    expect(json.terraform?.backend).toEqual({
      azurerm: {
        resource_group_name: "state-rg",
        storage_account_name: "tfstate4711",
        container_name: "tfstate",
        key: `${name}.tfstate`,
        use_azuread_auth: true,
      },
    });
  }
});

test("azurerm registers nothing, and reads storage by Entra; the code stacks need no provider at all", () => {
  for (const stack of build()) {
    if (stack.name.startsWith("code-")) {
      expect(stack.json.provider).toBeUndefined();
      continue;
    }
    expect(stack.json.provider?.azurerm).toEqual([
      expect.objectContaining({
        resource_provider_registrations: "none",
        storage_use_azuread: true,
        features: [
          {
            storage: [{ data_plane_available: false }],
            application_insights: [{ disable_generated_rule: true }],
          },
        ],
      }),
    ]);
    expect(only(stack, "terraform_data")).toBeDefined();
  }
});
