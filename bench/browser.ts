import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The Chromium of this machine; nothing where there is none. */
export const CHROMIUM = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path));

/** @throws Error where there is none */
export function browser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error("There is no Chromium on the PATH.");
  // Chromium's sandbox does not run as root. The page is a file of our own.
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}
