import type { ZodError } from "zod";

/** Every mistake in a file of the user's, a line each, with where it is. */
export function mistakesText({ issues }: Pick<ZodError, "issues">): string {
  return issues.map(({ path, message }) => `  ${path.join(".") || "the file"}: ${message}`).join("\n");
}
