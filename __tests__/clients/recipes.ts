import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageFlow } from "../../local/flow/message-flow";
import { Client } from "../../ops/running/client";
import { connectionLines } from "../../ops/running/connection-lines";
import type { Language } from "../../ops/running/recipes";
import { OnCallUnderTest } from "../support/on-call";
import { prepared, shell } from "./toolchains";

/** Tests that what `npm start -- --keep --client <language>` prints can be pasted into a shell. */
export function testRecipe(language: Language): void {
  const ready = prepared(language);
  const name = `the client for ${language} that is printed peeks at the messages`;
  if ("missing" in ready) {
    test.skip(`${name} (skipped: ${ready.missing})`, () => undefined);
    return;
  }
  test(name, async () => {
    const { local, ...running } = await started();
    try {
      const flow = MessageFlow.ofOnlyStamp(local);
      const lines = connectionLines(local, flow, new Client(local), undefined, language);
      const from = lines.findIndex((line) => line.includes("export "));
      const folder = mkdtempSync(join(tmpdir(), "locked-down-recipe-"));
      expect(await shell(["set -e", ...lines.slice(from)].join("\n"), folder, {})).toContain("0 messages");
    } finally {
      await running.stop();
    }
  });
}

async function started() {
  const onCall = await OnCallUnderTest.start();
  return { local: onCall.local, stop: () => onCall.stop() };
}
