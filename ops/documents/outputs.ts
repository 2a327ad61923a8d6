import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REFERENCE, ROOT } from "./reference";

/** The topology whose mistakes are shown. */
const MISTAKEN = "docs/examples/mistaken.json";

const BLOCK = /(<!-- output of: (?:TOPOLOGY=(\S+) )?npm run (\w+) -->\n+```text\n)[\s\S]*?(```)/g;

/** A document with each marked block replaced by what its command prints now. */
export function withOutputs(markdown: string): string {
  const folder = mkdtempSync(join(tmpdir(), "readme-"));
  try {
    return markdown.replace(
      BLOCK,
      (_block, head: string, topology: string | undefined, script: string, tail: string) => {
        const environment: NodeJS.ProcessEnv = {
          ...process.env,
          CDKTF_OUTDIR: join(folder, "cdktf.out"),
          TOPOLOGY: topology ?? REFERENCE,
        };
        delete environment.ARM_SUBSCRIPTION_ID;
        const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, "ops/run.cjs"), script], {
          cwd: ROOT,
          env: environment,
          encoding: "utf8",
        });
        const expected = topology === MISTAKEN ? 1 : 0;
        if (status !== expected) {
          throw new Error(`npm run ${script} ended with ${String(status)}, not ${expected}: ${stderr}`);
        }
        const shown = `${stdout}${stderr}`.replaceAll(join(folder, "cdktf.out"), "cdktf.out");
        return `${head}${steady(shown).trim()}\n${tail}`;
      },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without what every edit of a function changes: sizes and hashes of packages; and without this machine's folders. */
function steady(output: string): string {
  return output
    .replace(/(?:\.\.\/)+\S*?cdktf\.out/g, "cdktf.out")
    .replace(/ +\d+ {2}[0-9a-f]{64}$/gm, "  (size)  (hash)");
}
