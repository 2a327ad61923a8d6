import type { Stamp } from "../../topology/schema";

/** A command as a person types it, for the stamp that the text is about. */
export function npmRun({ name }: Stamp, command: string, ...args: readonly string[]): string {
  const all = [...args, ...(name === undefined ? [] : ["--stamp", name])];
  return `npm run ${command}${all.length === 0 ? "" : ` -- ${all.join(" ")}`}`;
}
