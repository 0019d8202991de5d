/** An app under `quickstep dev`: the supervisor keeps the port and hands over each connection. */
import type { Server } from "node:http";
import { Socket } from "node:net";

/** The variable that holds the supervisor's port. The server looks for it to know that there is one. */
export const SUPERVISED = "QUICKSTEP_SUPERVISED";

/** Serves the connections that the supervisor sends, and gives the port on which it takes them. */
export function takeConnections(server: Server): number {
  const port = Number(process.env[SUPERVISED]);
  // A second server of this process, or a program that it starts, listens for itself.
  Reflect.deleteProperty(process.env, SUPERVISED);
  process.on("message", (_message, socket) => {
    if (!(socket instanceof Socket)) return;
    server.emit("connection", socket);
    socket.resume();
  });
  process.once("disconnect", () => process.exit());
  // Node's server watches over its connections from this event on.
  server.emit("listening");
  process.send?.("ready");
  return port;
}
