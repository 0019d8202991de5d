/** What a server hands over of a request, and what else is known about it before it is read. */
import type { IncomingHttpHeaders } from "node:http";

/** What a server hands over; node's `IncomingMessage` fits. */
export interface RawRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders?: readonly string[] | undefined;
  readonly httpVersion?: string | undefined;
  readonly socket?:
    | {
        readonly remoteAddress?: string | undefined;
        readonly localPort?: number | undefined;
        readonly encrypted?: boolean | undefined;
      }
    | undefined;
  /** The path below which the app is mounted; Express and Connect set it. */
  readonly baseUrl?: string | undefined;
  /** True once somebody has read from the body. */
  readonly readableDidRead?: boolean | undefined;
  /** What Connect middleware has made of the body. */
  readonly body?: unknown;
  /** Set by the app once all of the body has been received, which node may not have noticed yet. */
  isReceived?: boolean;
}

/** What a request came through a proxy with. */
export interface Forwarded {
  /** The client's address. */
  readonly address: string | undefined;
  /** The host that the client asked for. */
  readonly host: string | undefined;
  /** How the client came to the proxy. */
  readonly scheme: "http" | "https" | undefined;
}

/** Limits on what is parsed, and whom to believe. */
export interface RequestLimits {
  readonly maxParameters: number;
  /** What a trusted proxy says about a request; `undefined` when it came through none. */
  readonly forwarded?: ((raw: RawRequest) => Forwarded | undefined) | undefined;
  /** Tells whether a host, without its port, is one of ours. */
  readonly allowsHost?: ((host: string) => boolean) | undefined;
}

/** Tells whether a request comes with a body; node need not sort its headers for that. */
export function declaresBody({ headers, rawHeaders }: RawRequest): boolean {
  if (rawHeaders === undefined) {
    return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  }
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === 14 && name.toLowerCase() === "content-length") {
      if (Number(rawHeaders[at + 1]) > 0) return true;
    } else if (name.length === 17 && name.toLowerCase() === "transfer-encoding") return true;
  }
  return false;
}
