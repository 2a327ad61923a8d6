import { readFileSync } from "node:fs";
import { Failure, UsageError } from "../../failure";
import { command, run } from "../frame/command";
import { whole } from "../frame/options";
import { findRunning } from "../running/register";

interface PostOptions {
  readonly region?: string;
  readonly run?: number;
}

run(
  command({
    name: "npm run post --",
    description: "Posts a message to a producer of the local Azure that runs, and prints its answer.",
    examples: [
      [`npm run post -- queue1 '{"id":"order-1"}'`, "JSON"],
      ["npm run post -- topic1 orders.json --region centralus", "a file, in another region"],
    ],
  })
    .argument("<entity>", "a queue or topic")
    .argument("<body>", "JSON, or a file with JSON")
    .option("--region <region>", "the producer's region; none: the primary's")
    .option("--run <pid>", "the process of the local Azure, where there are several", whole(1, 4_194_304))
    .action((entity: string, body: string, options: PostOptions) => post(entity, body, options)),
);

async function post(entity: string, body: string, { region, run: pid }: PostOptions): Promise<void> {
  const { producers } = findRunning(pid);
  const producer = producers.find((each) => region === undefined || each.region === region);
  if (!producer) {
    throw new UsageError(
      `There is no producer in ${region ?? ""}, only in ${producers.map((each) => each.region).join(", ")}.`,
    );
  }
  const { url, token } = producer;
  const answer = await fetch(`${url}/api/messages/${encodeURIComponent(entity)}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: textOf(body),
  });
  process.stdout.write(`${await answer.text()}\n`);
  if (!answer.ok) throw new Failure(`The producer answered ${answer.status} ${answer.statusText}.`);
}

/** @throws UsageError where it is neither JSON nor the name of a file */
function textOf(body: string): string {
  if (/^\s*[[{]/.test(body)) return body;
  try {
    return readFileSync(body, "utf8");
  } catch (error) {
    throw new UsageError(
      `${body} is neither a JSON object or list, nor a file that can be read: ${(error as Error).message}`,
    );
  }
}
