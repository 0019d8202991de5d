/** `quickstep secret`. */
import { createKey } from "../../sealing/create-key.ts";
import type { Command } from "../command.ts";

export const command: Command = {
  usage: "quickstep secret",
  description: `
Makes a key for session cookies: 32 bytes from the system's generator. Give it to the app as the
variable SESSION_COOKIE_KEY and keep it out of the repository. Whoever has it can forge sessions.

  echo "SESSION_COOKIE_KEY=$(npx quickstep secret)" >> .env

Changing the key ends all sessions. To change it gently, let session_cookie_key in config.yml be a
list: the first key seals, all of them open. "quickstep session keys" tells them apart.`,
  options: {},
  arguments: 0,
  run() {
    process.stdout.write(`${createKey()}\n`);
    return 0;
  },
};
