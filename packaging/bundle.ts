import { join, resolve } from "node:path";
import { type BuildFailure, type BuildOptions, type BuildResult, buildSync, context } from "esbuild";
import { OLDEST_NODE } from "../azure-facts/functions-node";
import { Failure } from "../failure";

export const ROOT = resolve(__dirname, "..");
/** Where packages are built if nothing else is asked for. Paths in source maps start there. */
export const BUILD = join(ROOT, ".build");

/** A program in one file. */
export interface Bundle {
  readonly content: Uint8Array;
  /** Which line of which file each place of it comes from, as JSON. It is not shipped. */
  readonly sourceMap: string;
  /** Every file that is in it, from the root. */
  readonly inputs: readonly string[];
}

/** A bundle that is made again and again. */
export interface Rebundling {
  /** @throws Failure with the place of each mistake in the code */
  bundle(): Promise<Bundle>;
  dispose(): Promise<void>;
}

type InMemory = BuildOptions & { readonly write: false; readonly metafile: true };

/** @param entry from the root @throws Failure with the place of each mistake in the code */
export function bundle(entry: string): Bundle {
  try {
    return bundleOf(entry, buildSync(optionsFor(entry)));
  } catch (error) {
    throw failureOf(entry, error);
  }
}

/** Bundles an entry point again and again; what has not changed is not read again. */
export async function rebundling(entry: string): Promise<Rebundling> {
  const incremental = await context(optionsFor(entry));
  return {
    bundle: async () => {
      try {
        return bundleOf(entry, await incremental.rebuild());
      } catch (error) {
        throw failureOf(entry, error);
      }
    },
    dispose: () => incremental.dispose(),
  };
}

function optionsFor(entry: string): InMemory {
  return {
    entryPoints: [join(ROOT, entry)],
    absWorkingDir: ROOT,
    outfile: join(BUILD, "index.js"),
    bundle: true,
    write: false,
    metafile: true,
    // Beside the code, not in it: the code's bytes are the same with and without a map.
    sourcemap: "external",
    sourcesContent: false,
    platform: "node",
    target: `node${OLDEST_NODE}`,
    format: "cjs",
    // Names stay, so that stack traces and the names of errors are readable. esbuild's keepNames would do that for shortened ones too, but it
    // defines a property for every closure that is made: two thirds of what an invocation costs (npm run bench:flow).
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    // Its main file loads its parts by a function of its own, which no bundler follows.
    alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
    // Azure's Node worker supplies it; it is on no registry.
    external: ["@azure/functions-core"],
    logLevel: "silent",
  };
}

function bundleOf(entry: string, { outputFiles, metafile }: BuildResult<InMemory>): Bundle {
  const [map, output] = outputFiles;
  if (!map || !output) throw new Error(`esbuild made nothing of ${entry}.`);
  return { content: output.contents, sourceMap: map.text, inputs: Object.keys(metafile.inputs) };
}

/** What is wrong with the code: a syntax error, an import that does not exist, a file that is no JavaScript. */
function failureOf(entry: string, error: unknown): unknown {
  const { errors } = error as Partial<BuildFailure>;
  if (!errors?.length) return error;
  const lines = errors.map(({ text, location }) => {
    const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : "";
    return `${place}${NATIVE.test(text) ? `${text}. A native module cannot be packaged: a package holds JavaScript only` : text}`;
  });
  return new Failure(`${entry} cannot be bundled:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

/** esbuild's words for a compiled module. */
const NATIVE = /No loader is configured for "\.node" files/;
