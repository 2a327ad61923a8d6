import { setTimeout as sleep } from "node:timers/promises";

/** How long to try again, and whom to tell. */
export interface Patience {
  /** In milliseconds since the epoch. */
  readonly deadline: number;
  /** Before the second try, in milliseconds; doubled each time. */
  readonly retryMs: number;
  readonly report: (line: string) => void;
}

const LONGEST_PAUSE_MS = 30_000;
/** A limit, or a restart. */
const PASSING = [408, 429, 500, 502, 503, 504];
/** Of a site also: its endpoint or its record is new (403, 404), or another deployment is under way (409). */
export const PASSING_AT_A_SITE: readonly number[] = [...PASSING, 403, 404, 409];

/** An answer that is none of the good ones, or none at all. */
export class Unanswered extends Error {
  override name = "Unanswered";

  constructor(
    message: string,
    /** Whether it may be another one in a while. */
    readonly passes: boolean,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** Does something again and again, ever less often, while what stops it may pass. @throws Unanswered the last one, once the time is up */
export async function patiently<Result>(
  { deadline, retryMs, report }: Patience,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let pause = retryMs; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unanswered) || !error.passes || Date.now() + pause > deadline) throw error;
      report(`${error.message.replace(/^publish: /, "")}; again in ${Math.ceil(pause / 1_000)} s`);
      await sleep(pause);
    }
  }
}

/** @param passing statuses that may be others in a while @throws Unanswered with what was answered */
export async function ask(url: string, init: RequestInit, passing: readonly number[] = PASSING): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    const { host } = new URL(url);
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new Unanswered(
      `publish: ${host} cannot be reached (${why}). The SCM host has a private address only: run this where the spoke's endpoint is reachable and resolves, as docs/architecture.md says.`,
      true,
      cause,
    );
  }
  if (response.ok) return response;
  const answer = (await response.text()).slice(0, 2_000);
  throw new Unanswered(
    `publish: ${init.method ?? "GET"} ${url} answered ${response.status}: ${answer || "(no body)"}`,
    passing.includes(response.status),
  );
}
