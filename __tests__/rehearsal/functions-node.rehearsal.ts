import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FUNCTIONS_NODE } from "../../azure-facts/functions-node";
import { nodeVersionsOf } from "../../ops/terrain/node-versions";
import { AZURERM, rehearsalTest } from "../support/rehearsal";

rehearsalTest("azurerm takes no newer Node than the functions run on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "node-versions-"));
  try {
    const taken = await nodeVersionsOf(AZURERM.version, folder);
    expect(taken).toContain(FUNCTIONS_NODE);
    const newer = taken.filter((version) => version > FUNCTIONS_NODE);
    if (newer.length > 0) {
      throw new Error(
        `azurerm ${AZURERM.version} takes Node ${newer.join(" and ")}: set FUNCTIONS_NODE in azure-facts/functions-node.ts to a version that Azure Functions supports, the default in .github/actions/prepare/action.yml with it, and run npm run snapshots.`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
