const { default: Sequencer } = require("@jest/test-sequencer");

/** Files that run processes, and wait for them. */
const LONG = [
  "local/drills.test.ts",
  "ops/own-code.test.ts",
  "ops/start.test.ts",
  "ops/commands.test.ts",
  "ops/interruption.test.ts",
  "ops/deploy.test.ts",
  "ops/synth.test.ts",
  "ops/dev.test.ts",
  "local/functions-host/host.test.ts",
  "ops/prove.test.ts",
  "ops/findings.test.ts",
  "proof/kernel/kernel.test.ts",
  "proof/twin/twin.test.ts",
  "ops/page.test.ts",
  "proof/rules.test.ts",
];

/** On a clean checkout jest knows no durations and goes by size: a small file that takes minutes would come last, alone. */
module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    const rank = ({ path }) => {
      const index = LONG.findIndex((name) => path.endsWith(name));
      return index < 0 ? LONG.length : index;
    };
    return [...(await super.sort(tests))].sort((one, other) => rank(one) - rank(other));
  }
};
