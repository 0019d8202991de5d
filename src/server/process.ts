/** How the process of an app that serves comes to its end. */
import { QuickstepError } from "../errors.ts";
import { describe } from "../log-text.ts";
import type { RunningServer, Servable } from "./server.ts";

/** Under "quickstep dev" the connections come from its supervisor, which tells itself why the app stops. */
const isSupervised = Boolean(process.env["QUICKSTEP_SUPERVISED"]);

/**
 * With `workers`, comes back in the workers only, with the number of this one; otherwise at once.
 *
 * @throws ConfigError when the settings cannot be met by several processes.
 */
export async function shareWork(
  app: Servable,
  openLog: () => Promise<void>,
): Promise<number | undefined> {
  const { workers } = app.settings;
  if (workers === 0 || workers === 1 || isSupervised) return undefined;
  await openLog();
  return (await import("./workers.ts")).becomeWorker(app);
}

/** What the process needs of its app. */
export interface Reloadable extends Servable {
  /** Reads the configuration anew; tells which changed settings need a new start. */
  reload(): Promise<readonly string[]>;
}

/**
 * Ends the process in order: the server stops, the engines let go, and then it exits.
 *
 * SIGTERM and SIGINT end it with status 0. So does what was thrown where nobody could catch it, an
 * exception or the rejection of a promise outside of any handler, but with status 1: it is logged, and
 * as the state of the process is unknown from then on, nothing new is begun. What is thrown while it
 * stops is logged only; a signal while it stops ends it at once, with status 1.
 *
 * A worker leaves SIGINT, and the last word on a second signal, to its primary.
 *
 * SIGHUP ends nothing: the configuration is read anew, all or nothing.
 */
export function endInOrder(running: RunningServer, app: Reloadable, isWorker = false): void {
  let ending = false;
  const end = (status: number): void => {
    ending = true;
    running.stop().then(
      () => process.exit(status),
      (error: unknown) => {
        app.log("error", "stopping failed", undefined, error);
        process.exit(1);
      },
    );
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (ending && isWorker) return;
    if (ending) process.exit(1);
    if (!isSupervised) app.log("info", `${signal}: stopping`);
    end(0);
  };
  process.on("SIGTERM", onSignal);
  // A terminal sends it to the workers too; their primary will tell them.
  process.on("SIGINT", isWorker ? () => undefined : onSignal);
  process.on("SIGHUP", () => void reload(app));
  process.on("uncaughtException", (thrown: unknown, origin) => {
    const what =
      origin === "unhandledRejection" ? "a promise was rejected" : "an exception was thrown";
    app.log("error", `${what} that nobody caught${ending ? "" : ": stopping"}`, undefined, thrown);
    if (!ending) end(1);
  });
}

async function reload(app: Reloadable): Promise<void> {
  try {
    const late = await app.reload();
    const rest = late.length === 0 ? "" : `; these need a new start: ${late.join(", ")}`;
    app.log("info", `SIGHUP: read the configuration anew${rest}`);
  } catch (error) {
    app.log("error", `SIGHUP: the configuration stays as it was: ${describe(error)}`);
  }
}

/** Says why the app cannot start and ends the process with status 1; without a stack, where the message says it all. */
export function giveUp(error: unknown): never {
  if (!(error instanceof QuickstepError)) throw error;
  process.stderr.write(`cannot start: ${error.message}\n`);
  process.exit(1);
}
