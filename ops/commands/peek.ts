import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ManagedIdentityCredential } from "@azure/identity";
import { ServiceBusClient, type ServiceBusReceivedMessage } from "@azure/service-bus";
import { Failure, UsageError } from "../../failure";
import { command, run } from "../frame/command";
import { json, whole } from "../frame/options";
import { findRunning, type Running } from "../running/register";

const LAUNCHER = join(__dirname, "../run.cjs");

interface PeekOptions {
  readonly deadLetters?: boolean;
  readonly region?: string;
  readonly count: number;
  readonly run?: number;
  readonly json?: boolean;
}

run(
  command({
    name: "npm run peek --",
    description:
      "Shows the messages in a queue or subscription of the local Azure that runs. They stay where they are.",
    examples: [
      ["npm run peek -- queue1", "what waits"],
      ["npm run peek -- topic1/subscription1 --dead-letters", "what was dead-lettered, and why"],
    ],
  })
    .argument("<entity>", "a queue, or topic/subscription")
    .option("--dead-letters", "its dead-letter queue")
    .option("--region <region>", "the namespace's region; none: the primary's")
    .option("--count <count>", "at most so many", whole(1, 1_000), 20)
    .option("--run <pid>", "the process of the local Azure, where there are several", whole(1, 4_194_304))
    .option("--json", "print the messages as JSON, and nothing else")
    .action((entity: string, options: PeekOptions) => peek(entity, options)),
);

async function peek(entity: string, options: PeekOptions): Promise<void> {
  const running = findRunning(options.run);
  // Node reads the certificate authorities when it starts.
  if (process.env.NODE_EXTRA_CA_CERTS !== running.environment.NODE_EXTRA_CA_CERTS) {
    const { status } = spawnSync(process.execPath, [LAUNCHER, "peek", ...process.argv.slice(2)], {
      stdio: "inherit",
      env: { ...process.env, ...running.environment },
    });
    process.exitCode = status ?? 1;
    return;
  }
  const messages = await messagesIn(entity, namespaceOf(running, options.region), options);
  process.stdout.write(options.json ? json(messages.map(shown)) : textOf(entity, messages, options));
}

function namespaceOf({ namespaces }: Running, region: string | undefined): Running["namespaces"][number] {
  const found = namespaces.find((each) => region === undefined || each.region === region);
  if (!found) {
    throw new UsageError(
      `There is no namespace in ${region ?? ""}, only in ${namespaces.map((each) => each.region).join(", ")}.`,
    );
  }
  return found;
}

async function messagesIn(
  entity: string,
  { host, port }: Running["namespaces"][number],
  { deadLetters, count }: PeekOptions,
): Promise<readonly ServiceBusReceivedMessage[]> {
  const credential = new ManagedIdentityCredential({ clientId: process.env.AZURE_CLIENT_ID ?? "" });
  const client = new ServiceBusClient(host, credential, {
    customEndpointAddress: `sb://localhost:${port}`,
    retryOptions: { maxRetries: 0, timeoutInMs: 5_000 },
  });
  const [name = "", subscription] = entity.split("/");
  const options = deadLetters ? { subQueueType: "deadLetter" as const } : {};
  try {
    const receiver =
      subscription === undefined
        ? client.createReceiver(name, options)
        : client.createReceiver(name, subscription, options);
    return await receiver.peekMessages(count);
  } catch (error) {
    throw new Failure(`${entity} cannot be peeked at: ${(error as Error).message}`);
  } finally {
    await client.close();
  }
}

function shown({
  messageId,
  sessionId,
  enqueuedTimeUtc,
  deliveryCount,
  deadLetterReason,
  deadLetterErrorDescription,
  body,
}: ServiceBusReceivedMessage) {
  return {
    messageId,
    ...(sessionId === undefined ? {} : { sessionId }),
    enqueued: enqueuedTimeUtc,
    deliveryCount,
    ...(deadLetterReason === undefined ? {} : { deadLetterReason, deadLetterErrorDescription }),
    body: body as unknown,
  };
}

function textOf(
  entity: string,
  messages: readonly ServiceBusReceivedMessage[],
  { deadLetters, count }: PeekOptions,
): string {
  const where = deadLetters ? `the dead-letter queue of ${entity}` : entity;
  if (messages.length === 0) return `There is no message in ${where}.\n`;
  const more = messages.length === count ? " (there may be more: --count)" : "";
  return [
    `${messages.length} ${messages.length === 1 ? "message" : "messages"} in ${where}${more}:`,
    ...messages.map((message) => `  ${JSON.stringify(shown(message))}`),
    "",
  ].join("\n");
}
