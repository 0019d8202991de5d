/** Says what is being done: with a spinner on a terminal, a line each elsewhere. */

/** Tells of steps while they run. */
export interface Progress {
  /** Runs a step; the line that `done` gives takes the place of `title` when it ends. */
  step<T>(title: string, work: () => Promise<T>, done: (result: T) => string): Promise<T>;
}

/** Makes the one that fits to where the output goes. */
export async function createProgress(isTerminal: boolean): Promise<Progress> {
  if (!isTerminal) {
    return {
      async step(title, work, done) {
        process.stdout.write(`${title} …\n`);
        const result = await work();
        process.stdout.write(`  ${done(result)}\n`);
        return result;
      },
    };
  }
  const { spinner } = await import("@clack/prompts");
  return {
    async step(title, work, done) {
      const shown = spinner({ indicator: "timer" });
      shown.start(title);
      try {
        const result = await work();
        shown.stop(done(result));
        return result;
      } catch (error) {
        shown.error(title);
        throw error;
      }
    },
  };
}
