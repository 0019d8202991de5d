/**
 * Shows what an app endures: slow clients, large bodies, readers that stall, clients that go away.
 *
 * Run it with `npm run bench:endurance`. The app is a process of its own, whose memory (resident set) is
 * sampled every 20 ms while each trial runs; what is printed is how far it rose above its level at rest.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { App } from "quickstep";

const MB = 1024 * 1024;
const big = 200 * MB;
const chunk = Buffer.alloc(64 * 1024, "x");

if (process.argv[2] === "--serve") await serve(process.argv[3] ?? "");
else await measure();

/** The app: its parent asks for its memory over the channel between them. */
async function serve(folder: string): Promise<void> {
  const app = new App({
    appdir: folder,
    environment: "production",
    env: {},
    settings: {
      server: "127.0.0.1",
      port: 0,
      logger: "null",
      max_upload_size: "300 MB",
      upload_dir: join(folder, "uploads"),
      headers_timeout: 5,
      request_timeout: "5 minutes",
    },
  });
  app.get("/", () => "well");
  app.post("/upload", ({ upload }) => String(upload("f")?.size));
  app.get(
    "/wait",
    ({ request }) =>
      new Promise((resolve) => request.signal.addEventListener("abort", () => resolve("late"))),
  );
  app.get("/file", ({ sendFile }) => sendFile("big.bin"));
  app.get("/node", () => {
    let left = big;
    return new Readable({
      read() {
        this.push(left <= 0 ? null : chunk);
        left -= chunk.length;
      },
    });
  });
  app.get("/web", () => {
    let left = big;
    return new Response(
      new ReadableStream({
        pull(controller) {
          if (left <= 0) controller.close();
          else controller.enqueue(chunk);
          left -= chunk.length;
        },
      }),
    );
  });
  const running = await app.listen();
  let peak = 0;
  setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  process.on("message", (word) => {
    if (word === "rest") globalThis.gc?.();
    const rss = process.memoryUsage.rss();
    process.send?.({ rss, peak: Math.max(peak, rss) });
    peak = 0;
  });
  process.send?.({ port: running.port });
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "quickstep-endurance-"));
  mkdirSync(join(folder, "uploads"));
  mkdirSync(join(folder, "public"));
  writeFileSync(join(folder, "public/big.bin"), "");
  truncateSync(join(folder, "public/big.bin"), big);
  const trials: Readonly<Record<string, (port: number) => Promise<string>>> = {
    "200 slow clients": slowClients,
    "200 MB upload": async (port) => {
      const counted = await upload(port, big);
      await allGone(join(folder, "uploads"));
      return `the app counted ${counted} bytes, its temporary file is gone`;
    },
    "200 MB download of a node stream, reader stalled": (port) => download(port, "/node"),
    "200 MB download of a Web stream, reader stalled": (port) => download(port, "/web"),
    "200 MB download of a file, reader stalled": (port) => download(port, "/file"),
    "1,000 aborted uploads": async (port) => {
      await abortAll(port, 1000, 50, uploadHead(2 * MB) + "y".repeat(150_000));
      await allGone(join(folder, "uploads"));
      return "no temporary file left";
    },
    "10,000 aborted requests": async (port) => {
      await abortAll(port, 10_000, 100, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
      return `then ${await get(port)} ms for a request`;
    },
  };
  try {
    for (const [name, trial] of Object.entries(trials)) await run(name, trial, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a trial against a process of its own that has answered small requests only. */
async function run(
  name: string,
  trial: (port: number) => Promise<string>,
  folder: string,
): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ["--serve", folder], {
    execArgv: ["--expose-gc", "--import", "tsx", "--conditions=source"],
  });
  const hear = async (): Promise<Record<string, number>> =>
    ((await once(child, "message")) as [Record<string, number>])[0];
  const memory = async (word: string): Promise<Record<string, number>> => {
    const heard = hear();
    child.send(word);
    return heard;
  };
  const { port = 0 } = await hear();
  for (let round = 0; round < 300; round += 1) await get(port);
  await memory("rest");
  const { rss: rest = 0 } = await memory("rest");
  const start = performance.now();
  const said = await trial(port);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const { peak = 0 } = await memory("now");
  const { rss: after = 0 } = await memory("rest");
  child.kill();
  const rise = (bytes: number): string => `+${((bytes - rest) / MB).toFixed(1)} MB`;
  process.stdout.write(
    `${name}: at most ${rise(peak)}, afterwards ${rise(after)} on ${(rest / MB).toFixed(0)} MB; ${seconds} s; ${said}\n`,
  );
  // Of clients that go away it is asked that nothing stays behind, not how much they take meanwhile.
  if (name.startsWith("200 ") && peak - rest > 64 * MB) {
    process.stdout.write("  that is beyond 64 MB\n");
    process.exitCode = 1;
  }
}

/** 200 clients that send a byte every 100 ms, until they are cut off. */
async function slowClients(port: number): Promise<string> {
  const sockets = Array.from({ length: 200 }, () => connect(port, "127.0.0.1").on("error", ignore));
  const closed = Promise.all(sockets.map(closing));
  const drip = setInterval(() => {
    for (const socket of sockets) if (!socket.destroyed) socket.write("G");
  }, 100);
  for (const socket of sockets) socket.write("GET / HTTP/1.1\r\nX-Slow: ");
  let slowest = 0;
  let served = 0;
  while (sockets.some((socket) => !socket.closed)) {
    slowest = Math.max(slowest, await get(port));
    served += 1;
    await pause(20);
  }
  await closed;
  clearInterval(drip);
  return `all cut off; ${served} requests meanwhile, the slowest took ${slowest} ms`;
}

/** One request on a connection of its own; the milliseconds it took. */
async function get(port: number): Promise<number> {
  const start = performance.now();
  const reply = await fetch(`http://127.0.0.1:${port}/`);
  if ((await reply.text()) !== "well") throw new Error("the app is not well");
  return Math.round(performance.now() - start);
}

function uploadHead(size: number): string {
  const head = `--XbX\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n`;
  const length = head.length + size + "\r\n--XbX--\r\n".length;
  return `POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=XbX\r\nContent-Length: ${length}\r\n\r\n${head}`;
}

async function upload(port: number, size: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(uploadHead(size));
  for (let sent = 0; sent < size; sent += chunk.length) {
    if (!socket.write(chunk)) await once(socket, "drain");
  }
  socket.write("\r\n--XbX--\r\n");
  const answer = await readAll(socket);
  return answer.slice(answer.indexOf("\r\n\r\n") + 4);
}

/** Reads the head, stalls, asks for something else meanwhile, and reads the rest. */
async function download(port: number, path: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  await once(socket, "readable");
  await pause(3000);
  const took = await get(port);
  let count = 0;
  for await (const data of socket) count += (data as Buffer).length;
  if (count < big) throw new Error(`only ${count} bytes came`);
  return `${took} ms for another request while it stalled, then all of it came`;
}

/** Waits until a folder is empty. */
async function allGone(folder: string): Promise<void> {
  const left = (): number => readdirSync(folder).length;
  for (let tries = 0; tries < 600 && left() > 0; tries += 1) await pause(50);
  if (left() > 0) throw new Error(`${left()} temporary files were left`);
}

/** Opens, sends, and goes away, some at a time. */
async function abortAll(port: number, count: number, atOnce: number, text: string): Promise<void> {
  for (let done = 0; done < count; done += atOnce) {
    const sockets = Array.from({ length: atOnce }, () =>
      connect(port, "127.0.0.1").on("error", ignore),
    );
    await Promise.all(
      sockets.map(async (socket) => {
        await once(socket, "connect");
        await new Promise((resolve) => socket.write(text, resolve));
      }),
    );
    await pause(20);
    for (const socket of sockets) socket.destroy();
  }
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  for await (const data of socket) text += String(data);
  return text;
}

/** Kept when the socket has closed, whether by an error or not. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

function ignore(): void {
  // A client that is cut off is what some trials are about.
}
