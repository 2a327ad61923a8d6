import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure";

/** A package of npm's that is part of a bundle. */
interface Part {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

const LICENSE_FILE = /^(licen[cs]e|copying)([-.].*)?$/i;
const NOTICE_FILE = /^notice([-.].*)?$/i;

/**
 * The licences of what a bundle holds: the bundler drops comments, and most licences ask to be passed on with the code.
 *
 * @param inputs paths of the bundled files, from the root, as esbuild's metafile has them
 * @throws Failure where a package is not installed whole
 */
export function noticesFor(root: string, inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const parts = [...folders].map((folder) => partIn(join(root, folder)));
  const unique = new Map(parts.map((part) => [`${part.name} ${part.version}`, part]));
  const sections = [...unique]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([title, { license, text }]) => `${title} (${license})\n\n${text}`);
  return [`This package holds code of ${unique.size} others, under their licences.`, ...sections].join(
    `\n\n${"-".repeat(80)}\n\n`,
  );
}

function partIn(folder: string): Part {
  let manifest: { name?: string; version?: string; license?: string };
  let files: string[];
  try {
    manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as typeof manifest;
    files = readdirSync(folder).sort();
  } catch {
    throw new Failure(`${folder} is not whole: install the packages again, npm ci.`);
  }
  const { name = "", version = "", license = "" } = manifest;
  const texts = [...files.filter((file) => LICENSE_FILE.test(file)), ...files.filter((file) => NOTICE_FILE.test(file))];
  const text = texts.map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  return {
    name,
    version,
    license,
    text: text.length > 0 ? text.join("\n\n") : `Its package has no licence text; it says ${license}.`,
  };
}
