import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FUNCTIONS_NODE } from "../../azure-facts/functions-node";
import { azurermOf } from "../../ops/terraform";
import { nodeVersionsOf } from "../../ops/terrain/node-versions";
import { build, stackNamed } from "../support/build";
import { rehearsalTest } from "../support/rehearsal";

rehearsalTest("the functions run on the newest Node that azurerm takes", async () => {
  const azurerm = azurermOf(stackNamed(build(), "workload-eastus2"));
  const folder = mkdtempSync(join(tmpdir(), "node-versions-"));
  try {
    const taken = await nodeVersionsOf(azurerm, folder);
    expect(taken).toContain(FUNCTIONS_NODE);
    const newer = taken.filter((version) => version > FUNCTIONS_NODE);
    if (newer.length > 0) {
      throw new Error(
        `azurerm ${azurerm} takes Node ${newer.join(" and ")}: set FUNCTIONS_NODE in azure-facts/functions-node.ts to a version that Azure Functions supports, and run npm run snapshots.`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
