/** Proxies and hosts: whom the app believes about where a request came from. */
import { describe, expect, it } from "vitest";
import type { App } from "../../src/app.ts";
import { ConfigError } from "../../src/errors.ts";
import { createForwarded } from "../../src/server/proxies.ts";
import { appWith, parseRaw, sendRaw, whileServing } from "../http/support.ts";

const define = (app: App): void => {
  app.get("/", ({ request: { address, host, scheme, secure } }) =>
    [address, host, scheme, secure].join(" "),
  );
  app.get("/uri", ({ uriFor }) => uriFor("/x"));
};

async function ask(
  settings: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
  path = "/",
): Promise<string> {
  const lines = Object.entries({ Host: "app.test", Connection: "close", ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return whileServing(appWith({}, define, settings), async (port) => {
    const { status, body } = parseRaw(await sendRaw(port, `GET ${path} HTTP/1.1\r\n${head}\r\n`));
    return status === 200 ? body : String(status);
  });
}

const all = {
  "X-Forwarded-For": "192.0.2.7",
  "X-Forwarded-Host": "front.test",
  "X-Forwarded-Proto": "https",
};

describe("SEC-811 forwarded headers", () => {
  it.each([
    ["count for nothing when no proxy is named", [], "127.0.0.1 app.test http false"],
    ["count for nothing from another address", ["10.0.0.0/8"], "127.0.0.1 app.test http false"],
    ["are believed from a named address", ["127.0.0.1"], "192.0.2.7 front.test https true"],
    ["are believed from a named range", ["127.0.0.0/8"], "192.0.2.7 front.test https true"],
    ["are believed from the loopback", ["loopback"], "192.0.2.7 front.test https true"],
  ])("%s", async (_title, behind_proxy, answer) => {
    expect(await ask({ behind_proxy }, all)).toBe(answer);
  });

  it.each([
    ["what the client wrote itself is left of the proxy's", "6.6.6.6, 192.0.2.7", "192.0.2.7"],
    ["named proxies are passed over", "192.0.2.7, 10.1.1.1", "192.0.2.7"],
    ["only as far as they are named in one row", "10.9.9.9, 192.0.2.7, 10.1.1.1", "192.0.2.7"],
    ["what is no address is not one", "unknown, 10.1.1.1", "10.1.1.1"],
    ["an empty header says nothing", "", "127.0.0.1"],
  ])("are read from right to left: %s", async (_title, value, address) => {
    const answer = await ask(
      { behind_proxy: ["loopback", "10.0.0.0/8"] },
      { "X-Forwarded-For": value },
    );
    expect(answer.split(" ")[0]).toBe(address);
  });

  it("give host and scheme from the right as well, where no client can write", async () => {
    const headers = {
      "X-Forwarded-For": "192.0.2.7",
      "X-Forwarded-Host": "evil.test, front.test",
      "X-Forwarded-Proto": "http, https",
    };
    expect(await ask({ behind_proxy: ["loopback"] }, headers)).toBe(
      "192.0.2.7 front.test https true",
    );
  });

  it("cannot put anything but a host into URLs", async () => {
    const headers = { "X-Forwarded-Host": "evil.test/path?" };
    expect(await ask({ behind_proxy: ["loopback"] }, headers, "/uri")).toBe("400");
  });

  it("ignore a scheme that is neither http nor https", async () => {
    const answer = await ask({ behind_proxy: ["loopback"] }, { "X-Forwarded-Proto": "javascript" });
    expect(answer).toBe("127.0.0.1 app.test http false");
  });

  it.each([[["1"]], [["true"]], [["10.0.0.0/99"]], [["proxy.test"]]])(
    "a proxy must be named by its address: %j",
    (proxies) => {
      const make = () => createForwarded(proxies, () => undefined);
      expect(make).toThrow(ConfigError);
      expect(make).toThrow(/loopback, linklocal or uniquelocal/);
    },
  );

  it.each([[true], [1], ["loopback, 1"]])(
    "a hop count or a blanket yes is refused: %j",
    (value) => {
      const app = appWith({}, define);
      expect(() => app.set("behind_proxy", value as never)).toThrow(/"behind_proxy" must be/);
    },
  );
});

describe("SEC-812 allowed_hosts", () => {
  const allowed_hosts = ["app.test", ".shop.test"];

  it.each([
    ["app.test", "200"],
    ["APP.test:8080", "200"],
    ["shop.test", "200"],
    ["a.b.shop.test", "200"],
    ["evil.test", "400"],
    ["notshop.test", "400"],
    ["app.test.evil.test", "400"],
    ["app.test@evil.test", "400"],
    ["", "400"],
  ])("answer for the host %j with %s", async (host, status) => {
    const answer = await ask({ allowed_hosts }, { Host: host });
    expect(answer === "400" ? "400" : "200").toBe(status);
  });

  it("look at the host that a named proxy forwards", async () => {
    const settings = { allowed_hosts, behind_proxy: ["loopback"] };
    expect(await ask(settings, { "X-Forwarded-Host": "evil.test" })).toBe("400");
    expect(await ask(settings, { Host: "inner", "X-Forwarded-Host": "shop.test" }, "/uri")).toBe(
      "http://shop.test/x",
    );
  });
});
