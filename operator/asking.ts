import { setTimeout as sleep } from "node:timers/promises";

/** How long to try again, and where to report. */
export interface Patience {
  /** In milliseconds since the epoch. */
  readonly deadline: number;
  /** Before the second try, in milliseconds; doubled each time. */
  readonly retryMs: number;
  readonly report: (line: string) => void;
}

const LONGEST_PAUSE_MS = 30_000;
/** Whether a status may change with time: a limit, or a restart. */
const passes = (status: number) => status === 408 || status === 429 || status >= 500;
/** Of a site also: its endpoint or its record is new (403, 404), or another deployment is under way (409). */
export const PASSING_AT_A_SITE: readonly number[] = [403, 404, 409];

/** An answer that is none of the good ones, or none at all. */
export class Unanswered extends Error {
  override name = "Unanswered";

  constructor(
    message: string,
    /** Whether it may change with time. */
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
      report(`${error.message}; again in ${Math.ceil(pause / 1_000)} s`);
      await sleep(pause);
    }
  }
}

/** @param passing further statuses that may change with time @throws Unanswered with what was answered */
export async function ask(url: string, init: RequestInit = {}, passing: readonly number[] = []): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    // A redirect is an answer here: the token is for this host, and no API of Azure's moves.
    response = await fetch(url, { ...init, redirect: "manual" });
    // A connection may end within an answer, too.
    text = await response.text();
  } catch (cause) {
    const { host } = new URL(url);
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new Unanswered(
      `${host} cannot be reached (${why}).${/\.scm\./.test(host) ? " The SCM host has a private address only: run this where the spoke's endpoint is reachable and resolves, as docs/architecture.md says." : ""}`,
      true,
      cause,
    );
  }
  const { status, headers, ok } = response;
  if (ok) return { text, headers };
  if (status >= 300 && status < 400) {
    throw new Unanswered(
      `${init.method ?? "GET"} ${url} answered ${status}, a redirect to ${headers.get("location") ?? "nowhere"}. It is not followed: the other host would get the token.`,
      false,
    );
  }
  throw new Unanswered(
    `${init.method ?? "GET"} ${url} answered ${status}: ${text.slice(0, 2_000) || "(no body)"}`,
    passes(status) || passing.includes(status),
  );
}

export interface Answer {
  readonly text: string;
  readonly headers: Headers;
}

/** The same, of an answer that is JSON: a page of a proxy that starts is asked for again. */
export async function askJson(url: string, init: RequestInit = {}, passing: readonly number[] = []): Promise<unknown> {
  const { text } = await ask(url, init, passing);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Unanswered(`${url} answered what is no JSON: ${text.slice(0, 200)}`, true, cause);
  }
}
