import { command, run } from "../frame/command";
import { whole } from "../frame/options";
import { failover } from "../on-call/failover";

run(
  command({
    name: "npm run failover --",
    description:
      "Shows the state of the pair, and fails the alias over to the secondary after you confirm. Exit code 3: this host is not in the network, and nothing was changed.",
    examples: [
      ["npm run failover -- --plan", "the state of the pair, and what would be done"],
      ["npm run failover", "a planned failover: it waits for pending replication"],
      ["npm run failover -- --forced --yes", "the primary's region is lost"],
    ],
  })
    .option("--stamp <name>", "the stamp; needed where there are several")
    .option("--forced", "do not wait for replication; what cannot be read is shown as unknown")
    .option("--plan", "show what would be done, and change nothing")
    .option("--yes", "do not ask")
    .option("--wait <seconds>", "how long to wait for Azure, and for the alias to answer", whole(1, 86_400), 900)
    .action(failover),
);
