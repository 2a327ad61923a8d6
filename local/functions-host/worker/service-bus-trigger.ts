import { setTimeout as pause } from "node:timers/promises";
import { ManagedIdentityCredential } from "@azure/identity";
import {
  ServiceBusClient,
  type ServiceBusReceivedMessage,
  type ServiceBusReceiver,
  type ServiceBusSessionReceiver,
} from "@azure/service-bus";
import { turnsOf } from "./outcome-turns";
import { idsIn, PROPERTY } from "../../../functions/shared/message-properties";
import type { RegisteredFunction } from "./core";
import { invocationOf } from "./delivery";
import { LockRenewal } from "./lock-renewal";
import type { HostJson } from "./host-json";
import type { HostTelemetry } from "./host-telemetry";
import type { Invoker } from "./invoke";
import { spanUnder } from "./trace";

/** Bodies come as their bytes: what they are is the function's business. */
const UNPARSED = { skipParsingBodyAsJson: true };
const CLOSE_MS = 500;
/** A settlement is answered in milliseconds, or not at all. */
const ANSWER_MS = 3_000;
/** A session without a message for this long is released. */
const SESSION_IDLE_MS = 5_000;

/** What a trigger listens to. */
interface Source {
  readonly connection: string;
  readonly dataType?: string;
  readonly queueName?: string;
  readonly topicName?: string;
  readonly subscriptionName?: string;
  readonly isSessionsEnabled?: boolean;
}

export interface TriggerProps {
  readonly registered: RegisteredFunction;
  readonly options: HostJson["extensions"]["serviceBus"];
  readonly settings: NodeJS.ProcessEnv;
  readonly invoker: Invoker;
  readonly telemetry: HostTelemetry;
  readonly report: (message: string) => void;
  /** Writes down that a function has handled a message, where the function itself did not; resolves when it is on disk. */
  readonly completed: (functionName: string, record: HandledMessage) => Promise<void>;
}

/** What the log of a run says of a message. */
export interface HandledMessage {
  readonly messageId: string;
  readonly entity: string;
  readonly deliveryCount: number;
}

/** A Service Bus trigger: receives by peek-lock, invokes, settles; concurrency, prefetch and completion as `host.json` says. */
export class ServiceBusTrigger {
  private readonly source: Source;
  /** The one that listens, where there are no sessions. */
  private client?: ServiceBusClient;
  private readonly clients = new Set<ServiceBusClient>();
  private retrying?: NodeJS.Timeout;
  /** Failures since the last message. */
  private failures = 0;
  private stopping = false;
  private crashing = false;
  private running = 0;

  constructor(private readonly props: TriggerProps) {
    const { registered } = props;
    this.source = Object.values(registered.metadata.bindings).find(
      ({ type }) => type === "serviceBusTrigger",
    ) as unknown as Source;
  }

  start(): void {
    if (this.source.isSessionsEnabled !== true) this.listen();
    else for (let slot = 0; slot < this.props.options.maxConcurrentSessions; slot += 1) void this.serveSessions();
  }

  /** Ends the process, as a crash does, when the next message is processed, its log on disk, and its lock still held. */
  crashBeforeSettling(): void {
    this.crashing = true;
  }

  /** Takes no more, and waits for the calls that are under way. What waits for a call stays locked until its lock expires. @param finishMs for how long at most, in milliseconds */
  async stop(finishMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.retrying);
    // A closed client could not settle.
    for (let waited = 0; this.running > 0 && waited < finishMs; waited += 20) await pause(20);
    // A client that is just connecting would close only once it is connected.
    await Promise.race([
      Promise.all([...this.clients].map((client) => client.close().catch(() => undefined))),
      pause(CLOSE_MS),
    ]);
  }

  private recordOf({ messageId, applicationProperties, deliveryCount }: ServiceBusReceivedMessage): HandledMessage {
    const { queueName, topicName = "", subscriptionName = "" } = this.source;
    return {
      messageId: idsIn(applicationProperties?.[PROPERTY.ids]).messageId ?? String(messageId),
      entity: queueName ?? `${topicName}/${subscriptionName}`,
      // The SDK counts the deliveries before this one.
      deliveryCount: (deliveryCount ?? 0) + 1,
    };
  }

  private listen(): void {
    const { prefetchCount, maxConcurrentCalls } = this.props.options;
    const client = this.newClient();
    this.client = client;
    this.clients.add(client);
    const calls = new Semaphore(maxConcurrentCalls);
    // Prefetched messages wait with their locks running out, as in Azure: a lock is renewed from when its call begins.
    const receiver = this.receiverOf(client, 0);
    receiver.subscribe(
      {
        processMessage: async (message) => {
          this.failures = 0;
          if (this.stopping) return;
          await this.handle(message, receiver, calls, { renewed: true }, () => {
            this.listenAgain(client);
          });
        },
        processError: async ({ error, errorSource }) => {
          this.props.report(`${errorSource}: ${error.message}`);
          if (errorSource === "receive") this.listenAgain(client);
          return Promise.resolve();
        },
      },
      // The SDK keeps no messages of its own: prefetched ones are those that wait for a call to end.
      { autoCompleteMessages: false, maxConcurrentCalls: maxConcurrentCalls + prefetchCount },
    );
  }

  /**
   * After a failure: with a connection of its own, as the delays of `host.json` say, and without end, as the extension's processor does. The SDK
   * for JavaScript would wait longer and longer by itself, and give up where Service Bus refuses.
   */
  private listenAgain(failed: ServiceBusClient): void {
    if (this.client !== failed || this.stopping) return;
    this.client = undefined;
    this.drop(failed);
    this.retrying = setTimeout(() => {
      this.listen();
    }, this.delay());
  }

  /** Asked anew: it changes while a session is served. */
  private isStopping(): boolean {
    return this.stopping;
  }

  private drop(client: ServiceBusClient): void {
    this.clients.delete(client);
    void client.close().catch(() => undefined);
  }

  private delay(): number {
    const { mode, delay, maxDelay, maxRetries } = this.props.options.clientRetryOptions;
    const tries = this.failures % Math.max(1, maxRetries);
    this.failures += 1;
    return mode === "fixed" ? delay : Math.min(delay * 2 ** tries, maxDelay);
  }

  private newClient(): ServiceBusClient {
    const { options, settings } = this.props;
    const setting = (name: string) => required(settings, `${this.source.connection}__${name}`);
    const credential = new ManagedIdentityCredential({ clientId: setting("clientId") });
    return new ServiceBusClient(setting("fullyQualifiedNamespace"), credential, {
      retryOptions: { maxRetries: 0, timeoutInMs: options.clientRetryOptions.tryTimeout },
    });
  }

  private receiverOf(client: ServiceBusClient, maxAutoLockRenewalDurationInMs: number): ServiceBusReceiver {
    const { queueName, topicName = "", subscriptionName = "" } = this.source;
    const options = { ...UNPARSED, maxAutoLockRenewalDurationInMs };
    return queueName === undefined
      ? client.createReceiver(topicName, subscriptionName, options)
      : client.createReceiver(queueName, options);
  }

  /** One slot: a session after another, over a connection of its own, so that one that fails takes no other along. */
  private async serveSessions(): Promise<void> {
    const { queueName, topicName = "", subscriptionName = "" } = this.source;
    const options = { ...UNPARSED, maxAutoLockRenewalDurationInMs: this.props.options.maxAutoLockRenewalDuration };
    while (!this.stopping) {
      const client = this.newClient();
      this.clients.add(client);
      try {
        do {
          const receiver =
            queueName === undefined
              ? await client.acceptNextSession(topicName, subscriptionName, options)
              : await client.acceptNextSession(queueName, options);
          await this.serveSession(receiver);
        } while (!this.isStopping());
      } catch (error) {
        // No session for a while is no failure.
        if ((error as { code?: string }).code !== "ServiceTimeout") {
          this.props.report(`acceptSession: ${String(error)}`);
          await pause(this.delay());
        }
      } finally {
        this.drop(client);
      }
    }
  }

  private async serveSession(receiver: ServiceBusSessionReceiver): Promise<void> {
    try {
      while (!this.stopping) {
        const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: SESSION_IDLE_MS });
        if (!message) return;
        this.failures = 0;
        // The SDK renews the session's lock.
        await this.handle(message, receiver, new Semaphore(1), { renewed: false }, (unanswered) => {
          throw unanswered;
        });
      }
    } finally {
      void receiver.close().catch(() => undefined);
    }
  }

  /**
   * @param calls how many functions run at once; what follows a call, the log on disk and the settlement, keeps no other from starting
   * @param renewed whether the message's own lock has to be renewed while its function runs
   */
  private async handle(
    message: ServiceBusReceivedMessage,
    receiver: ServiceBusReceiver,
    calls: Semaphore,
    { renewed }: { readonly renewed: boolean },
    unanswered: (error: Unanswered) => void,
  ): Promise<void> {
    const { registered, options, invoker, telemetry, report } = this.props;
    const properties = message.applicationProperties ?? {};
    const span = spanUnder(properties["Diagnostic-Id"] ?? properties.traceparent);
    let renewal: LockRenewal | undefined;
    let isRunning: true | undefined;
    try {
      const called = await calls.run(async () => {
        if (this.stopping) return undefined;
        this.running += 1;
        isRunning = true;
        const started = Date.now();
        if (renewed) renewal = new LockRenewal(receiver, message, options.maxAutoLockRenewalDuration, report);
        const invoked = await invoker.invoke(registered, { ...invocationOf(message, this.source), span });
        const success = invoked.error === undefined;
        telemetry.request(span, registered.metadata.name, started, success, success ? "0" : "1", receiver.entityPath);
        return invoked;
      });
      if (!called) return;
      const { error, logged, hasReported } = called;
      if (error === undefined && !hasReported)
        await this.props.completed(registered.metadata.name, this.recordOf(message));
      await logged;
      if (this.crashing) process.kill(process.pid, "SIGKILL");
      if (error !== undefined) await answered(settled(receiver, false, () => receiver.abandonMessage(message)));
      else if (options.autoCompleteMessages)
        await answered(settled(receiver, true, () => receiver.completeMessage(message)));
    } catch (error) {
      // The lock is gone, or the connection: Service Bus delivers the message again.
      report(`settle ${String(message.messageId)}: ${String(error)}`);
      if (error instanceof Unanswered) unanswered(error);
    } finally {
      renewal?.stop();
      if (isRunning) this.running -= 1;
    }
  }
}

/** A receiver has an AMQP session of its own. */
function settled(receiver: ServiceBusReceiver, isAccepted: boolean, settle: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    turnsOf(receiver).settle(isAccepted, () => {
      resolve(settle());
    });
  });
}

/** A settlement without an answer. */
class Unanswered extends Error {
  override name = "Unanswered";
}

/** The SDK does not report that a connection is gone during a settlement: it waits for its timeout, as long as a receiver may wait. */
async function answered(settlement: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Unanswered(`no answer within ${ANSWER_MS} ms`));
    }, ANSWER_MS);
  });
  try {
    await Promise.race([settlement, late]);
  } finally {
    clearTimeout(timer);
    // It may still fail later, when no caller waits for it.
    settlement.catch(() => undefined);
  }
}

/** Lets a given number run at once, and the others wait in their order. */
class Semaphore {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(size: number) {
    this.free = size;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((next) => this.waiting.push(next));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

function required(settings: NodeJS.ProcessEnv, name: string): string {
  const value = settings[name];
  if (value === undefined || value === "") throw new Error(`the app setting ${name} is missing`);
  return value;
}
