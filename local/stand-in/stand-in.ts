import { join } from "node:path";
import { packageWith } from "../../packaging/package-functions";
import { kindOf } from "../azure/app-kind";
import type { Azure } from "../azure/azure";

/** The consumer's entry point with a process() that does nothing, from the project's root. */
export const STAND_IN = "local/stand-in/consumer.ts";

/** What a command says where it runs with the stand-in. */
export const STAND_IN_NOTE =
  "The consumers run with a process() that does nothing, in place of functions/consumer/process.ts.";

/** Gives every consumer app the stand-in in place of its package. */
export function standIn(azure: Azure, folder: string): void {
  const { path, hash } = packageWith("consumer", STAND_IN, join(folder, "stand-in"));
  for (const app of azure.apps.all()) {
    if (kindOf(app) === "consumer") azure.packages.put({ siteId: app.id, path, hash });
  }
}
