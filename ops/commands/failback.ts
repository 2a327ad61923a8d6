import { command, run } from "../frame/command";
import { whole } from "../frame/options";
import { failback } from "../on-call/failback/failback";

run(
  command({
    name: "npm run failback --",
    description:
      "Makes a pair again after a failover: shows what is left to do, does Azure's part after you confirm, and says what to edit and deploy next. Run it again after each step. Exit code 3: this host is not in the network, and nothing was changed.",
    examples: [
      ["npm run failback", "the next step"],
      ["npm run failback -- --plan", "what that step would do"],
      ["npm run failback -- --move --rate 100", "move what waits in the former primary to the new one"],
    ],
  })
    .option("--stamp <name>", "the stamp; needed where there are several")
    .option("--move", "move the messages that wait in the former primary, dead letters excepted")
    .option("--rate <messages>", "move at most so many a second", whole(1, 10_000), 50)
    .option("--all-subscriptions", "move though other subscriptions of a topic get the messages once more")
    .option("--through-rules", "move though copies go through the subscription's rules once more")
    .option("--plan", "show what would be done, and change nothing")
    .option("--yes", "do not ask")
    .option("--wait <seconds>", "how long to wait for the pairing", whole(1, 86_400), 900)
    .action(failback),
);
