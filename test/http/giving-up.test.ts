import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp, logOf, logged, visit } from "../support/app.ts";
import { appWith, ask, whileServing } from "./support.ts";

const never = (): Promise<never> => new Promise(() => undefined);

/** A promise that is kept from outside. */
function promised<T>(): { promise: Promise<T>; keep: (value: T) => void } {
  let keep: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (keep = resolve));
  return { promise, keep };
}

describe("SEC-816 request.signal", () => {
  it("is aborted when the client goes away, and the late answer does no harm", async () => {
    const begun = promised<AbortSignal>();
    const app = appWith({}, (it) => {
      it.get("/wait", async ({ request }) => {
        begun.keep(request.signal);
        await once(request.signal, "abort");
        return "too late";
      });
      it.get("/", () => "fine");
    });
    await whileServing(app, async (port) => {
      const socket = connect(port, "127.0.0.1");
      socket.write("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
      const signal = await begun.promise;
      expect(signal.aborted).toBe(false);
      socket.destroy();
      await once(signal, "abort");
      expect(signal.reason).toEqual(new Error("the client has gone"));
      expect((await ask(port, "/")).body).toBe("fine");
      expect(logged(app, "error")).toEqual([]);
    });
  });

  it("is aborted while a stream is sent, also where it is first asked for after the client has gone", async () => {
    const signals: (() => AbortSignal)[] = [];
    const ended = promised<undefined>();
    const app = appWith({}, (it) => {
      it.get("/", async function* ({ request }) {
        try {
          signals.push(() => request.signal);
          yield "first";
          await never();
        } finally {
          ended.keep(undefined);
        }
      });
    });
    const server = createServer((req, res) => {
      res.once("close", () => ended.keep(undefined));
      app.listener(req, res);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await once(socket, "data");
    socket.destroy();
    await ended.promise;
    expect(signals[0]!().aborted).toBe(true);
    server.close();
    await app.close();
  });

  it("stays quiet once the answer is sent, for forwards too, and follows a Web request's signal", async () => {
    const signals: AbortSignal[] = [];
    const begun = promised<undefined>();
    const app = createApp({ session: null }, (it) => {
      it.get("/a", ({ request, forward }) => {
        signals.push(request.signal);
        return forward("/b");
      });
      it.get("/b", ({ request }) => (signals.push(request.signal), "b"));
      it.get("/wait", async ({ request }) => {
        const told = once(request.signal, "abort");
        begun.keep(undefined);
        await told;
        return "told";
      });
    });
    await whileServing(app, async (port) => {
      expect((await ask(port, "/a")).body).toBe("b");
    });
    expect(signals).toHaveLength(2);
    expect(signals[0]).toBe(signals[1]);
    expect(signals[0]!.aborted).toBe(false);

    const controller = new AbortController();
    const answer = app.fetch(new Request("https://a/wait", { signal: controller.signal }));
    await begun.promise;
    controller.abort();
    expect(await (await answer).text()).toBe("told");
  });

  it("leaves no listener behind where nobody asks for it", async () => {
    const counts: number[] = [];
    const app = appWith({}, (it) => {
      it.use((_req, res, next) => {
        const before = res.listenerCount("close");
        next();
        counts.push(res.listenerCount("close") - before);
      });
      it.get("/", () => "x");
    });
    await whileServing(app, async (port) => {
      await ask(port, "/");
    });
    expect(counts).toEqual([0]);
  });
});

describe("SEC-805 handler_timeout", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(["before", "handler", "after"])(
    "answers 503 where the %s never ends, logs it and aborts the signal",
    async (place) => {
      let signal: AbortSignal | undefined;
      const begun = promised<undefined>();
      const app = createApp({ session: null, handler_timeout: 5 }, (it) => {
        it.hook("before", ({ request }) => {
          signal = request.signal;
          begun.keep(undefined);
          return place === "before" ? never() : undefined;
        });
        if (place === "after") it.hook("after", never);
        it.get("/", () => (place === "handler" ? never() : "x"));
      });
      await app.start();
      const answer = visit(app).get("/");
      await begun.promise;
      await vi.advanceTimersByTimeAsync(4999);
      expect(signal?.aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      const reply = await answer;
      expect([reply.status, reply.text.includes("handler_timeout")]).toEqual([503, false]);
      expect(signal?.reason).toMatchObject({ code: "handler-timeout" });
      expect(logged(app, "error")).toEqual([
        "request to GET / crashed: no answer within 5 seconds (handler_timeout)",
      ]);
      expect(logOf(app).entries.at(-1)?.requestId).toBeDefined();
    },
  );

  it("drops what the late handler then says and did to the session", async () => {
    const late = promised<string>();
    const begun = promised<undefined>();
    const app = createApp({ handler_timeout: 5 }, (it) => {
      it.get("/late", ({ session }) => {
        session("k", "changed");
        begun.keep(undefined);
        return late.promise;
      });
      it.get("/", ({ session }) => String(session("k") ?? "nothing"));
    });
    await app.start();
    const client = visit(app);
    const answer = client.get("/late");
    await begun.promise;
    await vi.advanceTimersByTimeAsync(5000);
    const { status, text } = await answer;
    late.keep("late");
    expect([status, text.includes("late")]).toEqual([503, false]);
    expect((await client.get("/")).text).toBe("nothing");
  });

  it("costs a synchronous handler no timer, and an asynchronous one none that stays", async () => {
    const timers: number[] = [];
    const app = createApp({ session: null, handler_timeout: 5 }, (it) => {
      it.get("/sync", () => "x");
      it.get("/async", async () => {
        await Promise.resolve();
        return "x";
      });
      it.hook("after", () => void timers.push(vi.getTimerCount()));
    });
    await app.start();
    await visit(app).get("/sync");
    await visit(app).get("/async");
    expect([...timers, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });

  it("0 is no limit, and streams are not counted", async () => {
    const late = promised<string>();
    const begun = [promised<undefined>(), promised<undefined>()] as const;
    const app = createApp({ session: null, handler_timeout: 0 }, (it) => {
      it.get("/", () => {
        begun[0].keep(undefined);
        return late.promise;
      });
    });
    const streams = createApp({ session: null, handler_timeout: 5 }, (it) => {
      it.get("/", async function* () {
        yield "a";
        begun[1].keep(undefined);
        yield await late.promise;
      });
    });
    await Promise.all([app.start(), streams.start()]);
    const answers = [visit(app).get("/"), visit(streams).get("/")];
    await Promise.all(begun.map(({ promise }) => promise));
    await vi.advanceTimersByTimeAsync(3_600_000);
    late.keep("b");
    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(["b", "ab"]);
  });
});
