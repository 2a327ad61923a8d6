import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../failure";
import { kindOf } from "../../local/azure/app-kind";
import type { MessageFlow } from "../../local/flow/message-flow";
import type { LocalAzure } from "../../local/local-azure";
import { BUILD } from "../../packaging/bundle";
import { serviceBusHost } from "../../topology/names";
import { atEnd } from "../frame/ending";
import type { Client } from "./client";

/** A local Azure that runs, as other commands find it. */
export interface Running {
  readonly pid: number;
  /** The variables of a client of the user's own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly namespaces: readonly {
    readonly name: string;
    readonly region: string;
    readonly host: string;
    readonly port: number;
  }[];
  readonly producers: readonly { readonly region: string; readonly url: string; readonly token?: string }[];
}

const FOLDER = join(BUILD, "running");

/** Writes down how to connect to a local Azure, until the command ends. Only the user may read it: it holds the secret of the client's identity. */
export function register(local: LocalAzure, flow: MessageFlow, { environment }: Client): void {
  const running: Running = {
    pid: process.pid,
    environment,
    namespaces: primaryFirst(flow, flow.stamp.namespaces).map(({ name, location }) => ({
      name,
      region: location,
      host: serviceBusHost(name),
      port: local.broker.port(name),
    })),
    producers: primaryFirst(
      flow,
      flow.apps
        .all()
        .flatMap(({ app, url }) => (kindOf(app) === "producer" ? [{ location: app.location, app, url }] : [])),
    ).map(({ app, url }) => {
      const token = flow.posting.tokenFor(app);
      return { region: app.location, url, ...(token === undefined ? {} : { token }) };
    }),
  };
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${process.pid}.json`);
  writeFileSync(path, JSON.stringify(running), { mode: 0o600 });
  atEnd(() => {
    rmSync(path, { force: true });
  });
}

function primaryFirst<T extends { readonly location: string }>({ primary }: MessageFlow, all: readonly T[]): T[] {
  const isPrimary = ({ location }: T) => location === primary.location;
  return [...all.filter(isPrimary), ...all.filter((each) => !isPrimary(each))];
}

/** The local Azure that runs. @param pid which, where there are several @throws UsageError where there is none, or which one is open */
export function findRunning(pid: number | undefined): Running {
  const all = running().filter((each) => pid === undefined || each.pid === pid);
  const [one, another] = all;
  if (!one) {
    throw new UsageError(
      `${pid === undefined ? "No local Azure runs" : `No local Azure runs as process ${pid}`}: start one with npm run dev, or with npm start -- --keep.`,
    );
  }
  if (another) {
    throw new UsageError(
      `Several run: --run takes the process id of one of them, ${all.map((each) => each.pid).join(" or ")}.`,
    );
  }
  return one;
}

function running(): Running[] {
  let files: string[];
  try {
    files = readdirSync(FOLDER);
  } catch {
    return [];
  }
  return files.flatMap((file) => {
    const path = join(FOLDER, file);
    try {
      const found = JSON.parse(readFileSync(path, "utf8")) as Running;
      process.kill(found.pid, 0);
      return [found];
    } catch {
      // Of one that was killed.
      rmSync(path, { force: true });
      return [];
    }
  });
}
