import { command, run } from "../frame/command";
import { whole } from "../frame/options";
import { exportLetters } from "../on-call/dead-letters/export";
import { list } from "../on-call/dead-letters/list";
import { redrive } from "../on-call/dead-letters/redrive";

const program = command({
  name: "npm run dead-letters --",
  description:
    "Lists dead letters, sends them again, or writes them to a file. Exit code 3: this host is not in the network, and nothing was changed.",
  examples: [
    ["npm run dead-letters -- list", "how many, why, and how old"],
    ["npm run dead-letters -- redrive queue1 --rate 20", "send them again, 20 a second at most"],
    ["npm run dead-letters -- export topic1/subscription1 --to letters.jsonl", "write them to a file"],
  ],
});

program
  .command("list")
  .description("Prints dead letters by entity and reason.")
  .argument("[entity]", "a queue, or topic/subscription; none: all")
  .option("--stamp <name>", "the stamp; needed where there are several")
  .option("--region <region>", "one namespace's region; none: both")
  .option("--transfer", "those that could not be forwarded, in the transfer dead-letter queue")
  .option("--bodies", "print each message as JSON, with its body")
  .action(list);

program
  .command("redrive")
  .description("Sends dead letters again, to where they came from.")
  .argument("<entity>", "a queue, or topic/subscription")
  .option("--stamp <name>", "the stamp; needed where there are several")
  .option("--region <region>", "the namespace's region, where both have some")
  .option("--transfer", "those that could not be forwarded, in the transfer dead-letter queue")
  .option("--rate <messages>", "at most so many a second", whole(1, 10_000), 50)
  .option("--count <messages>", "at most so many; none: as many as there are now", whole(1, 10_000_000))
  .option("--all-subscriptions", "though other subscriptions of the topic get the messages once more")
  .option("--through-rules", "though copies go through the subscription's rules once more")
  .option("--plan", "show what would be done, and change nothing")
  .option("--yes", "do not ask")
  .action(redrive);

program
  .command("export")
  .description("Writes dead letters to a file, one JSON object a line.")
  .argument("<entity>", "a queue, or topic/subscription")
  .requiredOption("--to <file>", "the file")
  .option("--stamp <name>", "the stamp; needed where there are several")
  .option("--region <region>", "the namespace's region, where both have some")
  .option("--transfer", "those that could not be forwarded, in the transfer dead-letter queue")
  .option("--remove", "take each away once it is on the disk; the file is added to")
  .option("--plan", "show what would be done, and change nothing")
  .option("--yes", "do not ask")
  .action(exportLetters);

run(program);
