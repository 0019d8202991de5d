/** The process of an app that serves: how it begins, and how it comes to its end. */
import { QuickstepError } from "../errors.ts";
import { describe } from "../log-text.ts";
import type { RunningServer, Servable } from "./server.ts";

/** Under "quickstep dev" the connections come from its supervisor, which tells itself why the app stops. */
const isSupervised = Boolean(process.env["QUICKSTEP_SUPERVISED"]);

/** What the process needs of its app. */
export interface Danceable extends Servable {
  /** Starts the app and listens. */
  listen(): Promise<RunningServer>;
  /** Reads the configuration anew; tells which changed settings need a new start. */
  reload(): Promise<readonly string[]>;
}

/** What the process needs of the app's log. */
interface ProcessLog {
  worker: number | undefined;
  open(): Promise<void>;
}

/** Does what `App.dance` says. */
export async function dance(app: Danceable, log: ProcessLog): Promise<RunningServer> {
  log.worker = await shareWork(app, log).catch(giveUp);
  const isWorker = log.worker !== undefined;
  const running = await app.listen().catch(giveUp);
  endInOrder(running, app, isWorker);
  const { environment, startup_info: isTold } = app.settings;
  if (isTold && !isWorker) process.stdout.write(`${environment}: dancing at ${running.url}\n`);
  return running;
}

/**
 * With `workers`, comes back in the workers only, with the number of this one; otherwise at once.
 *
 * @throws ConfigError when the settings cannot be met by several processes.
 */
async function shareWork(app: Servable, log: ProcessLog): Promise<number | undefined> {
  const { workers } = app.settings;
  if (workers === 0 || workers === 1 || isSupervised) return undefined;
  await log.open();
  return (await import("./workers.ts")).becomeWorker(app);
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
function endInOrder(running: RunningServer, app: Danceable, isWorker: boolean): void {
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

async function reload(app: Danceable): Promise<void> {
  try {
    const late = await app.reload();
    const rest = late.length === 0 ? "" : `; these need a new start: ${late.join(", ")}`;
    app.log("info", `SIGHUP: read the configuration anew${rest}`);
  } catch (error) {
    app.log("error", `SIGHUP: the configuration stays as it was: ${describe(error)}`);
  }
}

/** Says why the app cannot start and ends the process with status 1; without a stack, where the message says it all. */
function giveUp(error: unknown): never {
  if (!(error instanceof QuickstepError)) throw error;
  process.stderr.write(`cannot start: ${error.message}\n`);
  process.exit(1);
}
