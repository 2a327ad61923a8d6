import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { BUILD } from "../../packaging/bundle";

/** Logs of earlier runs that stay. */
const KEPT = 5;

/** Copies a run's logs to where they outlive it. @returns the folder, relative to the working directory */
export function keepLogs(logs: string): string {
  const all = join(BUILD, "logs");
  const earlier = existsSync(all) ? readdirSync(all).sort() : [];
  for (const name of earlier.slice(0, Math.max(0, earlier.length - KEPT + 1))) {
    rmSync(join(all, name), { recursive: true, force: true });
  }
  const folder = join(all, `${new Date().toISOString().replaceAll(":", "-")}-${process.pid}`);
  cpSync(logs, folder, { recursive: true });
  return relative(process.cwd(), folder);
}
