/** Whom to believe about a request's client, host and scheme: proxies that the settings name. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import proxyAddr from "proxy-addr";
import { ConfigError } from "../errors.ts";
import type { Forwarded, RawRequest } from "../request/request.ts";

/**
 * Makes what reads the forwarded headers, if the request came from one of these proxies.
 *
 * `X-Forwarded-For` is read from right to left, over all addresses that are named, to the first that is
 * not. Of `X-Forwarded-Host` and `X-Forwarded-Proto` counts what the outermost named proxy wrote, or
 * the leftmost value when there are fewer.
 *
 * @param proxies addresses, ranges such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`
 * @throws ConfigError `config-invalid` for anything else.
 */
export function createForwarded(
  proxies: readonly string[],
): (raw: RawRequest) => Forwarded | undefined {
  const trusts = compile(proxies);
  return (raw) => {
    const peer = raw.socket?.remoteAddress;
    if (peer === undefined || !trusts(peer, 0)) return undefined;
    const addresses = proxyAddr.all(raw as unknown as IncomingMessage, trusts);
    const hops = Math.max(1, addresses.length - 1);
    const scheme = headerValue(raw, "x-forwarded-proto", hops)?.toLowerCase();
    return {
      address: addresses.findLast((address) => isIP(address) !== 0),
      host: headerValue(raw, "x-forwarded-host", hops),
      scheme: scheme === "http" || scheme === "https" ? scheme : undefined,
    };
  };
}

function compile(proxies: readonly string[]): (address: string, hop: number) => boolean {
  try {
    return proxyAddr.compile([...proxies]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      "config-invalid",
      `"behind_proxy" must name proxies by address, by range such as "10.0.0.0/8", or as loopback, linklocal or uniquelocal: ${reason}`,
      { cause },
    );
  }
}

function headerValue(raw: RawRequest, name: string, hops: number): string | undefined {
  const header = raw.headers[name];
  if (header === undefined) return undefined;
  const values = String(header)
    .split(",")
    .map((value) => value.trim());
  const value = values.at(-hops) ?? values[0];
  return value === "" ? undefined : value;
}
