import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PrepareOptions, Rehearsal } from "../../ops/rehearsal/rehearsal";
import { packageFunctions } from "../../packaging/package-functions";
import { deployed, rehearsalTest, rehearsing, changesIn, tornDown } from "../support/rehearsal";
import { forwardersOf, singleRegion, type StampInput, topologyWith } from "../support/topologies";

/** Plans a change against what is applied. */
async function planned(rehearsal: Rehearsal, change: PrepareOptions): Promise<string[]> {
  await rehearsal.prepare(change);
  return changesIn(await rehearsal.plan());
}

const with_ = (change: (stamp: StampInput) => void): PrepareOptions => ({ topology: topologyWith(change) });

rehearsalTest("each change of the shipped deployment plans what is expected, and no more", async () => {
  await rehearsing(topologyWith(), async (rehearsal) => {
    await deployed(rehearsal);
    expect(await rehearsal.postOne("rehearsed")).toEqual([
      { from: "centralus", in: "eastus2" },
      { from: "eastus2", in: "eastus2" },
    ]);

    const lockDuration = await planned(
      rehearsal,
      with_((stamp) => {
        for (const queue of stamp.queues ?? []) queue.lockDuration = "PT45S";
      }),
    );
    // The consumers' settings say how long they may defer a message.
    expect(lockDuration).toEqual([
      expect.stringMatching(/^geo-pair: update azurerm_servicebus_queue\./),
      expect.stringMatching(/^workload-centralus: update azurerm_windows_function_app\.consumer_/),
      expect.stringMatching(/^workload-eastus2: update azurerm_windows_function_app\.consumer_/),
    ]);

    const queueAdded = await planned(
      rehearsal,
      with_((stamp) => {
        stamp.queues?.push({ name: "added" });
      }),
    );
    expect(queueAdded).toEqual([
      expect.stringMatching(/^geo-pair: create azurerm_servicebus_queue\.entities_queue-added/),
      // The settings of both apps of a region name it, and the consumer may defer its messages.
      expect.stringMatching(/^workload-centralus: create azurerm_role_assignment\.consumer_identity_send-queue-added/),
      expect.stringMatching(/^workload-centralus: update azurerm_windows_function_app\.consumer/),
      expect.stringMatching(/^workload-centralus: update azurerm_windows_function_app\.producer/),
      expect.stringMatching(/^workload-eastus2: create azurerm_role_assignment\.consumer_identity_send-queue-added/),
      expect.stringMatching(/^workload-eastus2: update azurerm_windows_function_app\.consumer/),
      expect.stringMatching(/^workload-eastus2: update azurerm_windows_function_app\.producer/),
    ]);

    const autoscale = await planned(
      rehearsal,
      with_((stamp) => {
        stamp.plan = { ...stamp.plan, maximumWorkers: 12 };
      }),
    );
    expect(autoscale).toEqual([
      expect.stringMatching(/^workload-centralus: update azurerm_monitor_autoscale_setting\./),
      expect.stringMatching(/^workload-eastus2: update azurerm_monitor_autoscale_setting\./),
    ]);

    const host = await planned(rehearsal, {
      edit: (outdir) => {
        const path = join(outdir, "stacks/network-eastus2/cdk.tf.json");
        const text = readFileSync(path, "utf8");
        const edited = text.replace('"cdn.functions.azure.com"', '"cdn.functions.azure.com", "added.example.com"');
        expect(edited).not.toBe(text);
        writeFileSync(path, edited);
      },
    });
    expect(host).toEqual([
      expect.stringMatching(/^network-eastus2: update azurerm_firewall_policy_rule_collection_group\./),
    ]);

    // No forwarder is replaced: the configuration is delivered by run command. The firewall and the NSG let the new server be asked.
    const bind = await planned(
      rehearsal,
      with_((stamp) => {
        forwardersOf(stamp).conditionalForwards = [{ zone: "corp.example", servers: ["192.168.0.53"] }];
      }),
    );
    expect(bind.filter((line) => line.includes("azurerm_linux_virtual_machine"))).toEqual([]);
    expect(bind.filter((line) => / (create|replace|delete) /.test(line))).toEqual([]);
    expect(bind.filter((line) => line.includes("azurerm_virtual_machine_run_command"))).toHaveLength(4);
    const others = bind.filter(
      (line) =>
        !/azurerm_(virtual_machine_run_command|network_security_group|firewall_policy_rule_collection_group)\./.test(
          line,
        ),
    );
    expect(others).toEqual([]);

    const folder = mkdtempSync(join(tmpdir(), "locked-down-code-"));
    try {
      const artifacts = packageFunctions(folder);
      const path = join(folder, "consumer.zip");
      writeFileSync(path, Buffer.concat([readFileSync(artifacts.consumer.path), Buffer.from("changed")]));
      const hash = createHash("sha256").update("consumer.zip\0").update(readFileSync(path)).digest("hex");
      const code = await planned(rehearsal, {
        artifacts: { ...artifacts, consumer: { ...artifacts.consumer, path, hash } },
      });
      expect(code).toEqual([
        expect.stringMatching(/^code-centralus: replace terraform_data\.consumer_publication/),
        expect.stringMatching(/^code-eastus2: replace terraform_data\.consumer_publication/),
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }

    // A tag: planned on every tagged resource, and refused by the secondary.
    await rehearsal.prepare(
      with_((stamp) => {
        stamp.tags = { added: "tag" };
      }),
    );
    await expect(rehearsal.deploy(["messaging-centralus"])).rejects.toThrow(
      "Cannot update a namespace which is secondary",
    );

    // Its group took the tag: what was refused half way is put back before anything else.
    await rehearsal.prepare();
    await rehearsal.deploy(["messaging-centralus"]);

    await tornDown(rehearsal);
  });
});

rehearsalTest("a region added to a single-region deployment replaces and deletes nothing of the first", async () => {
  await rehearsing(topologyWith(singleRegion), async (rehearsal) => {
    await deployed(rehearsal);
    const added = await planned(rehearsal, { topology: topologyWith() });
    expect(added.filter((line) => / (replace|delete) /.test(line))).toEqual([]);
    // What is there already gets the other region's endpoint let through and its names listed, and its apps the role to send there.
    const first = added.filter((line) => /^(network|messaging|code)-eastus2: /.test(line));
    expect(
      first.filter((line) => !/ update azurerm_(network_security_group|virtual_machine_run_command)\./.test(line)),
    ).toEqual([]);
    const apps = added.filter((line) => /^workload-eastus2: /.test(line));
    expect(
      apps.filter((line) => !/ (create azurerm_role_assignment|update azurerm_windows_function_app)\./.test(line)),
    ).toEqual([]);
    await tornDown(rehearsal);
  });
});
