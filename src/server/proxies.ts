/** Whom to believe about a request's client, host and scheme: proxies that the settings name. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddr from "proxy-addr";
import { ConfigError } from "../errors.ts";
import type { Forwarded, RawRequest } from "../request/raw-request.ts";
import type { ReportSecurityEvent } from "../security-events.ts";

const HEADERS = [
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-protocol",
];
const NAMES = new Set(["loopback", "linklocal", "uniquelocal"]);

/**
 * Makes what reads the forwarded headers, if the request came from one of these proxies.
 *
 * All are read from the right, where the nearest proxy writes: `X-Forwarded-For` over all addresses that
 * are named, to the first that is not; of `X-Forwarded-Host` and `X-Forwarded-Proto` the last value,
 * because how many of the others a client wrote cannot be known. As in Dancer, `X-Forwarded-Protocol` stands in
 * for a missing `X-Forwarded-Proto`.
 *
 * From anybody else they count for nothing, which is a security event, `proxy-header-refused`.
 *
 * @param proxies addresses, ranges such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`
 * @throws ConfigError `config-invalid` for anything else.
 */
export function createForwarded(
  proxies: readonly string[],
  report: ReportSecurityEvent,
): (raw: RawRequest) => Forwarded | undefined {
  const trusts = compile(proxies);
  return (raw) => {
    const peer = raw.socket?.remoteAddress;
    if (peer === undefined) return undefined;
    if (!trusts(peer, 0)) {
      const header = HEADERS.find((name) => raw.headers[name] !== undefined);
      if (header !== undefined) report("proxy-header-refused", header, { from: peer });
      return undefined;
    }
    const addresses = proxyAddr.all(raw as unknown as IncomingMessage, trusts);
    const scheme = (
      lastValue(raw, "x-forwarded-proto") ?? lastValue(raw, "x-forwarded-protocol")
    )?.toLowerCase();
    return {
      address: addresses.findLast((address) => isIP(address) !== 0),
      host: lastValue(raw, "x-forwarded-host"),
      scheme: scheme === "http" || scheme === "https" ? scheme : undefined,
    };
  };
}

function compile(proxies: readonly string[]): (address: string, hop: number) => boolean {
  for (const proxy of proxies) {
    // The library would read "1" as the address 0.0.0.1.
    if (!NAMES.has(proxy) && isIP(proxy.replace(/\/.*/, "")) === 0) throw invalid(proxy);
  }
  try {
    return proxyAddr.compile([...proxies]);
  } catch (cause) {
    throw invalid(proxies.join(", "), cause);
  }
}

function invalid(culprit: string, cause?: unknown): ConfigError {
  return new ConfigError(
    "config-invalid",
    `"behind_proxy" must name proxies by address, by range such as "10.0.0.0/8", or as loopback, linklocal or uniquelocal, got "${culprit}"`,
    { cause },
  );
}

function lastValue(raw: RawRequest, name: string): string | undefined {
  const header = raw.headers[name];
  const value = header === undefined ? "" : String(header).split(",").at(-1)?.trim();
  return value === "" ? undefined : value;
}
