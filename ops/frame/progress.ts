import { ListrLogger, ListrLogLevels } from "listr2";

const FAILED: string = ListrLogLevels.FAILED;

/** An error is printed once, on stderr and at the end. Here it is only marked. */
class ProgressLogger extends ListrLogger {
  override log(...[level, message, options]: Parameters<ListrLogger["log"]>): void {
    super.log(level, message, level === FAILED ? undefined : options);
  }
}

/**
 * How a run shows what it does: as a list that changes where there is a terminal, line by line elsewhere.
 *
 * @param silent for output that a program reads
 */
export function progress(silent = false) {
  const logger = new ProgressLogger({ useIcons: true, toStderr: [] });
  return {
    renderer: silent ? ("silent" as const) : process.stdout.isTTY ? ("default" as const) : ("simple" as const),
    // Ctrl-C is handled by the command: listr2 would exit before anything is stopped.
    registerSignalListeners: false,
    fallbackRendererOptions: { logger },
    rendererOptions: { logger, showErrorMessage: false },
  };
}
