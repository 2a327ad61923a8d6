import { join } from "node:path";
import { buildSync } from "esbuild";

/** The page's script, with the libraries in it. Their licences stay with it. */
export function script(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, "client", "main.ts")],
    tsconfig: join(__dirname, "client", "tsconfig.json"),
    bundle: true,
    write: false,
    minify: true,
    platform: "browser",
    target: "es2022",
    format: "iife",
    legalComments: "eof",
    logLevel: "silent",
  });
  // A script element ends at the first of these, wherever it is.
  return (outputFiles[0]?.text ?? "").replace(/<\/script/gi, "<\\/script");
}
