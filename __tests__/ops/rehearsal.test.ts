import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { longestChain } from "../../ops/rehearsal/longest-chain";
import { reversed, runInOrder } from "../../ops/rehearsal/run-in-order";
import { withoutSignIn } from "../../ops/rehearsal/terraform-environment";
import { commentOn, MARKER } from "../../ops/pipeline/comment";
import { wavesOf } from "../../ops/pipeline/waves";
import { command } from "../support/command";
import { withResource } from "../support/edits";
import { stacksWithPackages } from "../support/local";
import { singleRegion, topologyWith } from "../support/topologies";

const items = [
  { name: "a", dependencies: [] },
  { name: "b", dependencies: ["a"] },
  { name: "c", dependencies: ["a"] },
  { name: "d", dependencies: ["b", "c", "elsewhere"] },
];

describe("stacks are run in order", () => {
  const recorded = async (serially: boolean) => {
    const events: string[] = [];
    const work = async ({ name }: { name: string }) => {
      events.push(`${name}+`);
      await new Promise((done) => setTimeout(done, 10));
      events.push(`${name}-`);
    };
    await runInOrder(items, work, serially);
    return events.join(" ");
  };

  test("side by side where they may", async () => {
    expect(await recorded(false)).toBe("a+ a- b+ c+ b- c- d+ d-");
    expect(await recorded(true)).toBe("a+ a- b+ b- c+ c- d+ d-");
  });

  test("a failure begins nothing new, and waits for what runs", async () => {
    const events: string[] = [];
    const work = async ({ name }: { name: string }) => {
      if (name === "b") throw new Error("b failed");
      await new Promise((done) => setTimeout(done, 10));
      events.push(name);
    };
    await expect(runInOrder(items, work)).rejects.toThrow("b failed");
    expect(events).toEqual(["a", "c"]);
  });

  test("and the other way round to take them down", () => {
    expect(reversed(items)).toEqual([
      { name: "d", dependencies: [] },
      { name: "c", dependencies: ["d"] },
      { name: "b", dependencies: ["d"] },
      { name: "a", dependencies: ["b", "c"] },
    ]);
  });
});

describe("of the shipped stacks", () => {
  const stacks = () => stacksWithPackages();

  test("the longest chain goes from a group to published code, by what really waits", () => {
    const chain = longestChain(stacks());
    const addresses = chain.map(({ stack, address }) => `${stack} ${address.split(".")[0] ?? ""}`);
    expect(addresses[0]).toMatch(/^(network|messaging)-\w+ azurerm_resource_group$/);
    expect(addresses).toContain("geo-pair azurerm_servicebus_namespace_disaster_recovery_config");
    expect(addresses.at(-1)).toMatch(/^code-\w+ terraform_data$/);
    // A forwarder waits for the firewall.
    expect(addresses.some((address) => address.endsWith(" azurerm_firewall"))).toBe(true);
  });

  test("the waves are those of the pipelines", () => {
    expect(wavesOf(stacks())).toEqual([
      ["messaging-centralus", "messaging-eastus2", "network-centralus", "network-eastus2"],
      ["geo-pair"],
      ["workload-centralus", "workload-eastus2"],
      ["code-centralus", "code-eastus2"],
    ]);
  });

  test("the comment lists what a pull request changes, and what not", () => {
    const before = stacksWithPackages(topologyWith(singleRegion));
    const comment = commentOn(before, stacks(), new Map([["geo-pair", "Plan: 8 to add, 0 to change, 0 to destroy."]]));
    expect(comment.split("\n")[0]).toBe(MARKER);
    expect(comment).toContain("| messaging-eastus2 | 3 | none | not asked |");
    expect(comment).toContain("| messaging-centralus | 3 | +3 ~0 -0 | not asked |");
    expect(comment).toMatch(/\| geo-pair \| 11 \| \+\d+ ~\d+ -0 \| Plan: 8 to add/);
    expect(comment).toContain("+ code-centralus: consumer.zip");
    expect(comment).toMatch(
      /^\+ way: app lockdown-pc-producer-centralus reaches endpoint CentraltoCentral on tcp 5671/m,
    );
    expect(comment).toMatch(/^\+ name: app lockdown-pc-producer-eastus2: lockdown-pc-centralus\.servicebus/m);
    expect(comment).toMatch(/^\+ right: lockdown-pc-consumer-centralus: Azure Service Bus Data Receiver on /m);
    const same = commentOn(before, before);
    expect(same).toContain("**Who reaches whom, under which name, with which right**: no change");
    expect(same).toContain("**Packages**: no change");
    // What the model lacks may open any way: that is said, and not "no change".
    const lacking = withResource(before, ["network-eastus2", "azurerm_nat_gateway", "gateway"], { name: "gateway" });
    expect(commentOn(before, lacking)).toMatch(
      /^\+ not modelled: network-eastus2: azurerm_nat_gateway\.gateway: it changes the sender/m,
    );
  });
});

test("a sign-in of the user's is kept from the local Azure, and everything else is passed on", () => {
  expect(withoutSignIn({ ARM_USE_OIDC: "1", AZURE_CLIENT_ID: "x", PATH: "/bin", TF_LOG: "trace" })).toEqual({
    PATH: "/bin",
    TF_LOG: "trace",
  });
});

describe("what a rehearsal needs and is not there", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "locked-down-rehearse-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("gets one line, with exit code 3", () => {
    const { status, stderr } = command("rehearse", [], {
      TERRAFORM_BINARY_NAME: "no-terraform",
      TMPDIR: folder,
    });
    expect(stderr).toBe(
      "There is no no-terraform on this machine: install Terraform 1.7 or later (developer.hashicorp.com/terraform/install), or set TERRAFORM_BINARY_NAME.\n",
    );
    expect(status).toBe(3);
  });

  test("a plan that was not made cannot be applied", () => {
    const { status, stderr } = command("pipeline", ["apply", "geo-pair", "--plan", join(folder, "none.tfplan")], {
      CDKTF_OUTDIR: join(folder, "cdktf.out"),
    });
    expect(stderr).toMatch(/^There is no plan .*none\.tfplan: make it with npm run pipeline -- plan\.\n$/);
    expect(status).toBe(2);
  });
});
