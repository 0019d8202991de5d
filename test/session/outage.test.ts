import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { App } from "../../src/app.ts";
import { createSimpleStore } from "../../src/engines/session/simple.ts";
import type { SessionStore, SessionStoreOptions } from "../../src/engines/session/store.ts";
import { cookieName, createApp, logged, visit } from "../support/app.ts";
import type { Client, Reply } from "../../src/testing/index.ts";

type State = "works" | "hangs" | "rejects" | "throws" | "gives up late";

/** An engine whose store stops working when it is told to. */
class Store {
  state: State = "works";
  calls: string[] = [];
  #held: (() => void)[] = [];

  readonly make = (options: SessionStoreOptions): SessionStore => {
    const inner = createSimpleStore(options);
    const through = <T>(name: string, work: () => T): Promise<T> => {
      this.calls.push(name);
      if (this.state === "throws") throw new Error("out of order");
      if (this.state === "rejects") return Promise.reject(new Error("out of order"));
      if (this.state === "works") return Promise.resolve(work());
      if (this.state === "gives up late") {
        return new Promise((_, reject) => setTimeout(() => reject(new Error("timed out")), 1500));
      }
      return new Promise((resolve) => this.#held.push(() => resolve(work())));
    };
    return {
      waits: true,
      open: (cookie, seen) => through("open", () => inner.open(cookie, seen) as never),
      save: (record, changes) => through("save", () => inner.save(record, changes) as string),
      touch: (record) => through("touch", () => inner.touch(record) as undefined),
      destroy: (id) => through("destroy", () => void inner.destroy(id)),
      close: () => inner.close?.(),
    };
  };

  /** The store comes back and answers what it was asked meanwhile. */
  recover(): void {
    this.state = "works";
    for (const answer of this.#held.splice(0)) answer();
  }
}

describe("a session store that is out of order", () => {
  let store: Store;
  let app: App;
  let client: Client;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    store = new Store();
    app = createApp({ session: "shaky" }, (made) => {
      made.engine("session").register("shaky", store.make);
      made.get("/n", ({ session }) => session("n") ?? "none");
      made.get("/set/:n", ({ session, params }) => session("n", params.n));
      made.get("/logout", ({ session }) => {
        session().destroy();
        return "bye";
      });
      made.get("/plain", () => "plain");
      made.get("/free", { session: false }, () => "free");
    });
    client = visit(app);
    await client.get("/set/1");
    store.calls = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const refused = (reply: Reply): void => {
    expect([reply.status, reply.header("Retry-After"), reply.setCookies]).toEqual([503, "1", []]);
  };

  /** Sends a request and moves the clock on until it is answered. */
  async function takes(path: string): Promise<[reply: Reply, milliseconds: number]> {
    const start = Date.now();
    let reply: Reply | undefined;
    void client.get(path).then((got) => (reply = got));
    for (;;) {
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      if (reply !== undefined) return [reply, Date.now() - start];
      vi.advanceTimersByTime(50);
    }
  }

  it.each(["rejects", "throws", "hangs"] as const)(
    "SEC-607 costs those nothing who do not use a session: it %s",
    async (state) => {
      store.state = state;
      const stranger = visit(app);
      expect((await stranger.get("/plain")).text).toBe("plain");
      expect((await stranger.get("/n")).text).toBe("none");
      expect((await client.get("/free")).text).toBe("free");
      expect(store.calls).toEqual([]);
      const [plain] = await takes("/plain");
      expect([plain.status, plain.text, plain.header("Vary")]).toEqual([200, "plain", undefined]);
    },
  );

  it.each(["rejects", "throws", "hangs"] as const)(
    "SEC-607 answers 503 within the deadline, leaves the cookie and takes it up again: it %s",
    async (state) => {
      store.state = state;
      for (const path of ["/n", "/set/2", "/logout"]) {
        const [reply, time] = await takes(path);
        refused(reply);
        expect(time).toBeLessThanOrEqual(1050);
        expect(reply.text).not.toContain("none");
      }
      store.recover();
      expect((await takes("/n"))[0].text).toBe("1");
    },
  );

  it.each(["rejects", "throws", "hangs"] as const)(
    "SEC-607 SEC-505 answers 503 when what was opened cannot be saved or destroyed: it %s",
    async (state) => {
      const original = store.make;
      const breaking = createApp({ session: "breaking" }, (made) => {
        made.engine("session").register("breaking", (options) => {
          const inner = original(options);
          return {
            ...inner,
            open: async (cookie, seen) => {
              const record = await inner.open(cookie, seen);
              if (record !== undefined) store.state = state;
              return record;
            },
          };
        });
        made.get("/set/:n", ({ session, params }) => session("n", params.n));
        made.get("/logout", ({ session }) => session().destroy());
        made.get("/n", ({ session }) => session("n") ?? "none");
      });
      client = visit(breaking);
      await client.get("/set/1");
      for (const path of ["/set/2", "/logout"]) {
        store.recover();
        const [reply] = await takes(path);
        refused(reply);
        expect(reply.header("vary")).toBe("Cookie");
      }
      expect(client.jar.names).toEqual([cookieName]);
      expect(logged(breaking, "error").length).toBeGreaterThan(0);
    },
  );

  it("SEC-607 lets a store that hangs hold up the first requests only", async () => {
    store.state = "hangs";
    const first = await takes("/n");
    refused(first[0]);
    expect(first[1]).toBeGreaterThanOrEqual(1000);
    store.calls = [];
    for (let n = 0; n < 20; n += 1) {
      const [reply, time] = await takes("/n");
      refused(reply);
      expect(time).toBe(0);
    }
    expect(store.calls).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(store.calls).toEqual(["open"]);
  });

  it("SEC-607 takes no client that gives up late for a store that answers", async () => {
    store.state = "gives up late";
    refused((await takes("/n"))[0]);
    for (let n = 0; n < 20; n += 1) {
      vi.advanceTimersByTime(200);
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      const [reply, time] = await takes("/n");
      refused(reply);
      expect(time).toBe(0);
    }
    store.state = "works";
    vi.advanceTimersByTime(1600);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    vi.advanceTimersByTime(100);
    expect((await takes("/n"))[0].text).toBe("1");
  });

  it("SEC-607 resumes by itself as soon as the store answers anything", async () => {
    store.state = "hangs";
    await takes("/n");
    store.state = "rejects";
    vi.advanceTimersByTime(100);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    store.calls = [];
    refused((await takes("/n"))[0]);
    expect(store.calls).toEqual(["open"]);
    store.state = "hangs";
    await takes("/n");
    store.recover();
    expect((await takes("/n"))[0].text).toBe("1");
    expect(logged(app).map((line) => line.replace(/\d+/g, "N"))).toEqual([
      "the session store did not answer within N ms: requests that need a session are answered with N until it does",
      "the session store answers again, after N ms",
      "the session store did not answer within N ms: requests that need a session are answered with N until it does",
      "the session store answers again, after N ms",
    ]);
  });

  it("SEC-607 probes a store that stays silent until it is closed, and keeps no process alive", async () => {
    store.state = "hangs";
    await takes("/n");
    store.calls = [];
    vi.advanceTimersByTime(100);
    for (let probes = 1; probes < 4; probes += 1) {
      expect(store.calls).toHaveLength(probes);
      vi.advanceTimersByTime(1000);
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      vi.advanceTimersByTime(100);
    }
    await app.close();
    store.calls = [];
    vi.advanceTimersByTime(10_000);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    vi.advanceTimersByTime(10_000);
    expect(store.calls).toEqual([]);
  });

  it("has the deadline that session_timeout says, and none for 0", async () => {
    for (const [session_timeout, time] of [
      [0.2, 200],
      ["3 seconds", 3000],
    ] as const) {
      const quick = createApp({ session: "shaky", session_timeout }, (made) => {
        made.engine("session").register("shaky", store.make);
        made.get("/set", ({ session }) => session("n", 1));
      });
      client = visit(quick);
      store.state = "hangs";
      expect((await takes("/set"))[1]).toBe(time);
    }
    const patient = createApp({ session: "shaky", session_timeout: 0 }, (made) => {
      made.engine("session").register("shaky", store.make);
      made.get("/set", ({ session }) => session("n", 1));
    });
    const waiting = visit(patient).get("/set");
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    vi.advanceTimersByTime(3_600_000);
    store.recover();
    expect((await waiting).status).toBe(200);
  });

  it("SEC-604 has stored a change before the client sees the end of the answer", async () => {
    let stored = false;
    const slow = createApp({ session: "slow" }, (made) => {
      made.engine("session").register("slow", (options) => {
        const inner = createSimpleStore(options);
        return {
          ...{ waits: true, open: (cookie) => inner.open(cookie, undefined) },
          save: async (record, changes) => {
            await new Promise((resolve) => setTimeout(resolve, 200));
            stored = true;
            return inner.save(record, changes);
          },
          touch: (record) => inner.touch(record),
          destroy: (id) => inner.destroy(id),
        };
      });
      made.get("/set/:n", ({ session, params, redirect }) => {
        session("n", params.n);
        return redirect("/n");
      });
      made.get("/n", ({ session }) => session("n") ?? "none");
    });
    client = visit(slow);
    const [reply, time] = await takes("/set/7");
    expect([stored, time]).toEqual([true, 200]);
    expect((await client.follow(reply)).text).toBe("7");
  });
});
