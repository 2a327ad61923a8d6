import { lookup } from "node:dns/promises";
import type { HttpRequest, HttpResponseInit } from "@azure/functions";

/** What a name leads to from where the app is. */
export type LookUp = (host: string) => Promise<string>;

/** Longer than a resolver with two servers takes to give up. */
const LOOKUP_MS = 10_000;

/**
 * What App Service's health check asks: the app has loaded and its settings are sound. It says nothing of the bus: a restart would not help there.
 *
 * With `?names` it also says where the name of the bus leads from here: people on call cannot ask the app's network otherwise.
 *
 * @param host the name that the app connects to
 */
export function healthOf(app: "producer" | "consumer", host: string, lookUp: LookUp = addressOf) {
  return async ({ query }: Pick<HttpRequest, "query">): Promise<HttpResponseInit> => ({
    status: 200,
    jsonBody: {
      status: "ok",
      app,
      ...(query.has("names") ? { bus: { host, ...(await answerFor(host, lookUp)) } } : {}),
    },
    headers: { "cache-control": "no-store" },
  });
}

async function answerFor(host: string, lookUp: LookUp): Promise<{ address: string } | { error: string }> {
  try {
    const late = new Promise<never>((_found, failed) => {
      setTimeout(() => {
        failed(new Error(`no answer within ${LOOKUP_MS / 1_000} s`));
      }, LOOKUP_MS).unref();
    });
    return { address: await Promise.race([lookUp(host), late]) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function addressOf(host: string): Promise<string> {
  return (await lookup(host, { family: 4 })).address;
}
