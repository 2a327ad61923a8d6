import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Rehearsal } from "../../ops/rehearsal/rehearsal";
import { terraformBinary } from "../../ops/terraform";
import { modelFromResourceManager } from "../../proof/network/from-resource-manager";
import { modelFrom } from "../../proof/network/from-stacks";
import type { Model } from "../../proof/network/model";
import type { ArmDocument } from "../../proof/network/resource-manager/documents";
import { Reach } from "../../proof/reach/reach";
import { matrixText } from "../../proof/report/matrix-text";
import { readCdktfOut } from "../../synthesized/cdktf-out";
import { stacksFromPlans } from "../../synthesized/plan";
import { topologyWith } from "../support/topologies";
import { deployed, rehearsalTest, rehearsing, tornDown } from "../support/rehearsal";

const run = promisify(execFile);

/** What a model says of a deployment: who reaches whom, who has which right, and what services accept. */
function said(model: Model) {
  return {
    matrix: matrixText(new Reach(model)),
    roles: model.roles.map(({ name, principal, scope }) => `${principal} ${name} ${scope}`).sort(),
    services: model.services
      .map(({ id, publicAccess, acceptsBesideIdentities, deniesByDefault }) =>
        [id, publicAccess, acceptsBesideIdentities.join(), String(deniesByDefault)].join(" "),
      )
      .sort(),
  };
}

/** Every stack's plan, as `terraform show -json` writes it. */
async function plansOf({ stacks, outdir, environment }: Rehearsal): Promise<string[]> {
  const files: string[] = [];
  for (const { name } of stacks) {
    const options = {
      cwd: join(outdir, "stacks", name),
      env: { ...process.env, ...environment },
      maxBuffer: 1e9,
    };
    await run(terraformBinary(), ["plan", "-input=false", "-lock=false", "-out=shown.tfplan", "-no-color"], options);
    const { stdout } = await run(terraformBinary(), ["show", "-json", "shown.tfplan"], options);
    const file = join(outdir, `../${name}.json`);
    writeFileSync(file, stdout);
    files.push(file);
  }
  return files;
}

/** What Resource Manager shows of everything; pairs are shown by their namespaces alone. */
function documentsOf({ local: { azure } }: Rehearsal): ArmDocument[] {
  const pairs = azure.aliases().map(({ alias, primaryId, partnerId }) => ({
    id: `${primaryId}/disasterRecoveryConfigs/${alias}`,
    name: alias,
    type: "Microsoft.ServiceBus/namespaces/disasterRecoveryConfigs",
    properties: { role: "Primary", partnerNamespace: partnerId },
  }));
  return [...azure.documents.all(), ...pairs];
}

rehearsalTest("one model, from the stacks, from Terraform's plans, and from what Resource Manager shows", async () => {
  await rehearsing(topologyWith(), async (rehearsal) => {
    await rehearsal.prepare();
    const stacks = said(modelFrom(readCdktfOut(rehearsal.outdir)));
    expect(said(modelFrom(stacksFromPlans(await plansOf(rehearsal))))).toEqual(stacks);
    await deployed(rehearsal);
    const deployedModel = modelFromResourceManager(documentsOf(rehearsal));
    expect(deployedModel.unmodelled).toEqual([]);
    expect(said(deployedModel)).toEqual(stacks);
    await tornDown(rehearsal);
  });
});
