/** What an app has to do while the server that keeps its sessions hangs, whatever kind of server it is. */
import { expect } from "vitest";
import { createApp, visit } from "./app.ts";

/** An app over a store that is stopped, with its connections open, and goes on later. */
export async function surviveHang(
  settings: Readonly<Record<string, unknown>>,
  server: { signal(signal: "SIGSTOP" | "SIGCONT"): void },
): Promise<void> {
  const app = createApp(settings, (made) => {
    made.get("/n", ({ session }) => session("n") ?? "none");
    made.get("/set/:n", ({ session, params }) => session("n", params.n));
    made.get("/free", { session: false }, () => "free");
  });
  const [client, stranger] = [visit(app), visit(app)];
  await client.get("/set/1");
  server.signal("SIGSTOP");
  try {
    const began = performance.now();
    const answered: string[] = [];
    const note = async (who: typeof client, path: string): Promise<void> => {
      const reply = await who.get(path);
      answered.push(`${reply.status} ${reply.text.length < 9 ? reply.text : path}`);
      if (reply.status !== 503) return;
      expect([reply.header("Retry-After"), reply.setCookies]).toEqual(["1", []]);
    };
    const first = note(client, "/n");
    await Promise.all([note(client, "/free"), note(stranger, "/n")]);
    await first;
    expect(answered).toEqual(["200 free", "200 none", "503 /n"]);
    const waited = performance.now() - began;
    // session_timeout is a second, and the rest is for a busy machine.
    expect(waited).toBeGreaterThan(900);
    expect(waited).toBeLessThan(2000);
    // From then on nobody waits.
    for (let more = 0; more < 20; more += 1) await note(client, "/n");
    expect(performance.now() - began - waited).toBeLessThan(900);
    expect(new Set(answered.slice(3))).toEqual(new Set(["503 /n"]));
  } finally {
    server.signal("SIGCONT");
  }
  await expect.poll(async () => (await client.get("/n")).text, { timeout: 2000 }).toBe("1");
  await app.close();
}
