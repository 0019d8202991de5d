import { once } from "node:events";
import { truncateSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { createApp, tempFolder } from "../support/app.ts";

const size = 200 * 2 ** 20;
const most = 32 * 2 ** 20;
const chunk = Buffer.alloc(2 ** 16);

/** How many bytes the sources of an answer have given. */
let given = 0;

function* chunks(): Generator<Buffer> {
  for (given = 0; given < size; given += chunk.length) yield chunk;
}

function define(app: App): void {
  app.get("/node", () => Readable.from(chunks(), { objectMode: false }));
  app.get("/web", () => {
    const source = chunks();
    return new ReadableStream({
      pull(controller) {
        const next = source.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
    });
  });
  app.get("/sent", ({ sendFile }) => sendFile("large.bin"));
}

/** Waits until a number has stood still for half a second. */
async function standstill(number: () => number): Promise<number> {
  for (let last = -1, still = 0; still < 10;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    still = number() === last ? still + 1 : 0;
    last = number();
  }
  return number();
}

describe("SEC-815 a client that stops reading an answer of 200 MB", () => {
  it.each(["/node", "/web", "/sent", "/large.bin"])(
    "holds up the source, not the memory: %s",
    async (path) => {
      const appdir = tempFolder({ "public/x.txt": "x" });
      const file = join(appdir, "public/large.bin");
      given = 0;
      writeFileSync(file, "");
      truncateSync(file, size);
      const app = createApp({ session: null }, define, { appdir });
      const running = await app.listen();
      let toClient: Socket | undefined;
      running.server.on("connection", (socket: Socket) => (toClient = socket));
      const socket = connect(running.port, "127.0.0.1");
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      const [head] = (await once(socket, "data")) as [Buffer];
      socket.pause();
      expect(head.toString("latin1")).toMatch(/^HTTP\/1.1 200/);
      // What the socket was handed, sent or not; a source that runs ahead of it would show in `given`.
      const handed = await standstill(() => (toClient?.bytesWritten ?? 0) + given);
      expect(handed).toBeLessThan(most);
      socket.destroy();
      await running.stop();
    },
  );
});
