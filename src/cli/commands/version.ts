/** `quickstep version`. */
import type { Command } from "../command.ts";
import { readVersion } from "../package-root.ts";

export const command: Command = {
  usage: "quickstep version",
  description: "Tells the versions of Quickstep and of the Node that runs it.",
  options: {},
  arguments: 0,
  run() {
    process.stdout.write(`quickstep ${readVersion()}, node ${process.versions.node}\n`);
    return 0;
  },
};
