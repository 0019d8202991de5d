/** `quickstep session keys`. */
import { listKeys } from "../../session/inspect.ts";
import { configOptions, readConfig } from "../app-config.ts";
import { columns, type Command } from "../command.ts";

export const command: Command = {
  usage: "quickstep session keys [options]",
  description: `
Lists the keys of session_cookie_key by their ids, in order, and tells which one seals. An id is no
secret; the keys themselves are never shown. The log and "quickstep session open" name keys by the
same ids. As long as the log has lines such as

  security event old-key: 1f0c9a3e

sessions that this old key sealed are in use; once they have stopped it can leave the list.

  npx quickstep session keys
  npx quickstep session keys --environment production`,
  options: {
    ...configOptions,
    json: { type: "boolean", help: "as JSON" },
  },
  arguments: 0,
  run(input) {
    const keys = listKeys(readConfig(input).settings);
    process.stdout.write(
      input.values["json"] === true
        ? `${JSON.stringify(keys, undefined, 2)}\n`
        : columns(keys.map(({ id, seals }) => [id, seals ? "seals and opens" : "old: only opens"])),
    );
    return 0;
  },
};
