import { readFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { packageFunctions } from "../../packaging/package-functions";
import { freshFolder } from "../support/local";

const ROOT = join(__dirname, "../..");

/** Licences that let their code be used and passed on with a notice, for what the project or its users run. */
const TAKEN = new Set(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "BlueOak-1.0.0"]);
/** Others, each with what was looked at. */
const LOOKED_AT: Readonly<Record<string, string>> = {
  "node_modules/cdktf": "MPL-2.0: used as it is, its files unchanged",
  "node_modules/@cdktf/provider-azurerm": "MPL-2.0: used as it is, its files unchanged",
  "node_modules/cdktn": "MPL-2.0: used as it is, its files unchanged",
  "node_modules/@cdktn/provider-azurerm": "MPL-2.0: used as it is, its files unchanged",
  "node_modules/cdktf/node_modules/jsonify": "Public Domain",
};

interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      {
        dev?: boolean;
        devOptional?: boolean;
        license?: string;
        inBundle?: boolean;
        resolved?: string;
        integrity?: string;
      }
    >
  >;
}
const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as LockFile;
const installed = Object.entries(packages).filter(([path]) => path !== "");

test("every production dependency has a licence that is taken, or was looked at", () => {
  const others = installed
    .filter(([path, { dev, license = "" }]) => !dev && !TAKEN.has(license) && !(path in LOOKED_AT))
    .map(([path, { license }]) => `${path}: ${license ?? "no licence"}`);
  expect(others).toEqual([]);
});

test("nothing that is installed, for tests or else, asks that what uses it be passed on under its own licence", () => {
  const others = installed.filter(([, { license = "" }]) => /^(A|L)?GPL/.test(license)).map(([path]) => path);
  expect(others).toEqual([]);
});

test("the lock file says where each package comes from, and what it has to be", () => {
  const unknown = installed
    .filter(
      // What comes within another package comes from where that one does.
      ([, { inBundle, resolved = "", integrity = "" }]) =>
        inBundle !== true && (!/^https:\/\/registry\.npmjs\.org\//.test(resolved) || integrity === ""),
    )
    .map(([path]) => path);
  expect(unknown).toEqual([]);
});

test("what ships carries the licences of what is in it", () => {
  const { producer, consumer, publisher } = packageFunctions(freshFolder());
  for (const { path } of [producer, consumer]) {
    const notices = strFromU8(unzipSync(readFileSync(path))["NOTICES.txt"] ?? new Uint8Array());
    for (const name of ["@azure/service-bus", "@azure/identity", "rhea", "applicationinsights", "jsonc-parser"]) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\S* \\((MIT|Apache-2\\.0)\\)$`, "m"));
    }
    expect(notices).not.toMatch(/\((GPL|AGPL|LGPL|SSPL|UNLICENSED|undefined)?\)/);
    expect(notices).toContain("Permission is hereby granted, free of charge");
    // No path of this machine's.
    expect(notices).not.toContain(ROOT);
  }
  const program = readFileSync(publisher.path, "utf8");
  expect(program.slice(program.lastIndexOf("\n/*\n"))).toMatch(/^@azure\/identity \S+ \(MIT\)$/m);
});
