import { join } from "node:path";
import { BUILD } from "../../packaging/bundle";
import { packageWith } from "../../packaging/package-functions";
import { kindOf } from "../azure/app-kind";
import type { Azure } from "../azure/azure";

/** The consumer's entry point with a process() that does nothing, from the project's root. */
export const EMPTY_PROCESS = "local/empty-process/consumer.ts";

/** What a command says where it runs so. */
export const EMPTY_PROCESS_NOTE =
  "The consumers run with a process() that does nothing, in place of functions/consumer/process.ts.";

/** Gives every consumer app an empty process() in place of its own. */
export function useEmptyProcess(azure: Azure): void {
  const { path, hash } = packageWith("consumer", EMPTY_PROCESS, join(BUILD, "empty-process"));
  for (const app of azure.apps.all()) {
    if (kindOf(app) === "consumer") azure.packages.put({ siteId: app.id, path, hash });
  }
}
