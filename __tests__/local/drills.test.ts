import { DRILLS } from "../../local/drills/drills";
import { runDrill } from "../../local/drills/run-drill";
import type { SynthesizedStack } from "../../synthesized/cdktf-out";
import { freshFolder, stacksWithPackages } from "../support/local";

/** The long drill is `npm run drill`; here it is the same one with fewer messages. */
const AT_MOST = 500;

let stacks: SynthesizedStack[];
beforeAll(() => {
  stacks = stacksWithPackages();
});

test.each(DRILLS.map((drill) => [drill.name, drill] as const))(
  "%s comes out as expected",
  async (_name, drill) => {
    const messages = Math.min(drill.messages, AT_MOST);
    const { findings, ledger } = await runDrill(drill, {
      stacks,
      seed: 7,
      messages,
      outageMs: 6_000,
      folder: freshFolder(),
    });
    expect(findings).toEqual([]);
    // A drill in which nothing was sent would find nothing either.
    expect(ledger?.accepted).toBeGreaterThan(0);
  },
  180_000,
);
