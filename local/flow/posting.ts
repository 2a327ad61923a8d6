import { Failure } from "../../failure";
import type { DeployedStamp } from "../azure/deployed-stamp";
import type { RunningApp } from "../functions-host/host";
import type { LocalAzure } from "../local-azure";
import { Client, type Outgoing } from "./client";
import { dropsDuplicates, pausedIn, type SendableEntity, sendableEntities } from "./destinations";
import { PostedMessages } from "./posted";
import type { StampApps } from "./stamp-apps";

/** A client gives up after that; a run that takes longer is stuck. */
const GIVE_UP_MS = 120_000;

export interface PostProps {
  readonly count: number;
  /** Messages a request. */
  readonly batch: number;
  /** The region whose producer is posted to. */
  readonly region: string;
  /** Requests at a time. @default 4 */
  readonly parallel?: number;
  /** @default all that the producer lets through, by turns */
  readonly entities?: readonly SendableEntity[];
  /** Whether each message is posted alone, under its id as Idempotency-Key and without one in its body. @default false */
  readonly byKey?: boolean;
  /** What a message holds beside its id and session. @default a counter */
  readonly body?: (index: number) => Readonly<Record<string, unknown>>;
}

/** The clients of a stamp's producers, and the record of what they posted. */
export class Posting {
  readonly posted = new PostedMessages();
  private sequence = 0;

  constructor(
    private readonly local: LocalAzure,
    private readonly stamp: DeployedStamp,
    private readonly apps: StampApps,
    /** What the ids start with. */
    private readonly prefix: string,
  ) {}

  /** What the producer lets through and consumers take from. */
  entities(): SendableEntity[] {
    return sendableEntities(this.local.azure, this.stamp);
  }

  /** Those that drop a message id that they have seen before. */
  entitiesWithDuplicateDetection(): SendableEntity[] {
    const { azure } = this.local;
    return this.entities().filter(({ name }) => dropsDuplicates(azure, this.stamp.primary.id, name));
  }

  client(region: string, longestWaitMs = 500): Client {
    const { app, url } = this.apps.producer(region);
    let known = url;
    return new Client({
      // A site keeps its name when it starts anew; here it gets another port.
      url: () => {
        const now = this.apps.producers().find((each) => each.app.name === app.name)?.url;
        if (now) known = now;
        return known;
      },
      posted: this.posted,
      giveUpMs: GIVE_UP_MS,
      longestWaitMs,
      token: this.tokenFor(app),
    });
  }

  /** What a client of the app needs, where its authentication asks for a token. */
  tokenFor({ authentication }: RunningApp["app"]): string | undefined {
    const [audience] = authentication?.audiences ?? [];
    if (audience === undefined) return undefined;
    const clientId = authentication?.applications?.[0] ?? "a-client";
    return this.local.authority.issue({ principalId: clientId, clientId }, audience).token;
  }

  /** Posts messages in batches, each entity by turns. @throws Failure where there is nothing to send to */
  async post({
    count,
    batch,
    region,
    parallel = 4,
    entities = this.entities(),
    byKey = false,
    body = (number) => ({ number }),
  }: PostProps): Promise<void> {
    const client = this.client(region);
    const batches: { entity: SendableEntity; messages: Outgoing[] }[] = [];
    for (let left = count, turn = 0; left > 0; left -= batch, turn += 1) {
      const entity = entities[turn % entities.length];
      if (!entity) throw this.nothingToSendTo();
      const messages = Array.from({ length: Math.min(batch, left) }, () => this.next(entity, body));
      batches.push({ entity, messages });
    }
    const poster = async () => {
      for (let next = batches.shift(); next; next = batches.shift())
        await client.post(next.entity.name, next.messages, byKey);
    };
    await Promise.all(Array.from({ length: parallel }, poster));
  }

  private next(entity: SendableEntity, body: (index: number) => object): Outgoing {
    this.sequence += 1;
    const id = `${this.prefix}-${String(this.sequence).padStart(6, "0")}`;
    return {
      ...body(this.sequence),
      // The ledger knows a message by it.
      id,
      ...(entity.requiresSession ? { sessionId: `session-${this.sequence % 10}` } : {}),
    };
  }

  private nothingToSendTo(): Failure {
    const paused = pausedIn(this.local.azure, this.stamp.primary.id);
    return new Failure(
      `The topology has no queue or topic that a consumer takes from: there is nothing to send to.${paused.length === 0 ? "" : ` Paused: ${paused.join(", ")}.`}`,
    );
  }
}
