import { join } from "node:path";
import { watch } from "chokidar";
import { kindOf } from "../../local/azure/app-kind";
import type { LocalAzure } from "../../local/local-azure";
import { ROOT } from "../../packaging/bundle";
import { type App, QuickPackage } from "../../packaging/package-functions";
import { atEnd } from "../frame/ending";

const APPS: readonly App[] = ["producer", "consumer"];
/** An editor writes a file in several steps. */
const SETTLE_MS = 80;

/** Packages the functions anew when a file of theirs changes, and restarts the apps whose code is another. @param say gets each reload and each mistake */
export async function reloadOnChange(local: LocalAzure, folder: string, say: (text: string) => void): Promise<void> {
  const packages = await Promise.all(APPS.map((app) => QuickPackage.of(app, join(folder, "reloaded"))));
  atEnd(async () => {
    await Promise.all(packages.map((each) => each.dispose()));
  });
  const current = new Map<App, string>();
  for (const each of packages) current.set(each.app, (await each.make()).hash);

  const reload = async () => {
    const began = Date.now();
    const reloaded: string[] = [];
    for (const each of packages) {
      const { path, hash } = await each.make();
      if (current.get(each.app) === hash) continue;
      current.set(each.app, hash);
      const apps = local.azure.apps.all().filter((app) => kindOf(app) === each.app);
      local.azure.change(() => {
        for (const app of apps) local.azure.packages.put({ siteId: app.id, path, hash });
      });
      reloaded.push(...apps.map(({ name }) => name));
    }
    await local.host.settled();
    if (reloaded.length > 0) say(`Reloaded ${reloaded.join(", ")} in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
  };

  // One reload at a time: a change during one is followed by another.
  let running: Promise<void> | undefined;
  let waiting: NodeJS.Timeout | undefined;
  const changed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      running = (running ?? Promise.resolve()).then(reload).catch((error: unknown) => {
        say(error instanceof Error ? error.message : String(error));
      });
    }, SETTLE_MS);
  };
  const watcher = watch(join(ROOT, "functions"), { ignoreInitial: true }).on("all", changed);
  atEnd(async () => {
    clearTimeout(waiting);
    await watcher.close();
    await running;
  });
}
