/** Data on its way into answers and out of request bodies, with the hooks around both. */
import { chain, follow, type Awaitable, type Step } from "../awaitable.ts";
import type { Context } from "../context.ts";
import type { Serializer } from "../engines/serializer/serializer.ts";
import { HTTPError } from "../errors.ts";
import { isText, type HookTable } from "../hooks.ts";
import { respond } from "./respond.ts";

/** Writes and reads data with an app's serializer. */
export class Serialization {
  /** True when the app has chosen a serializer: bodies are read by it, errors and types are its own. */
  readonly isChosen: boolean;
  readonly #serializer: Serializer;
  readonly #hooks: HookTable<Context>;
  readonly #hasReadHook: boolean;
  readonly #isFiltered: boolean;

  constructor(serializer: Serializer, isChosen: boolean, hooks: HookTable<Context>) {
    this.#serializer = serializer;
    this.isChosen = isChosen;
    this.#hooks = hooks;
    this.#hasReadHook = hooks.has("before_deserializer");
    this.#isFiltered = hooks.has("before_serializer") || hooks.has("after_serializer");
  }

  /**
   * Fills the response with a route's value. As in Dancer, the hooks see its text too where a
   * serializer is chosen; text stays as it is.
   *
   * @throws Error on data that the serializer cannot write.
   */
  answer(ctx: Context, value: unknown): Awaitable<void> {
    const { response } = ctx;
    if (!respond(response, value)) return this.#filtered(ctx, value);
    const { content } = response;
    if (!this.isChosen || typeof content !== "string") return undefined;
    return this.#filtered(ctx, content);
  }

  /** Fills the response with any value; hooks see data only. @throws Error as `answer` does. */
  fill(ctx: Context, value: unknown): Awaitable<void> {
    return respond(ctx.response, value) ? undefined : this.#filtered(ctx, value);
  }

  /** Fills the response with data, without hooks. @throws Error as `answer` does. */
  write({ request, response }: Context, data: unknown): void {
    const serializer = this.#serializer.for?.(request) ?? this.#serializer;
    response.content = serializer.serialize(data);
    if (this.isChosen || response.header("Content-Type") === undefined) {
      response.setHeader("Content-Type", serializer.contentType);
    }
    if (this.#serializer.for !== undefined) response.vary("Accept");
  }

  #filtered(ctx: Context, given: unknown): Awaitable<void> {
    if (!this.#isFiltered) {
      if (!isText(given)) this.write(ctx, given);
      return undefined;
    }
    const { response } = ctx;
    return chain(this.#hooks.filter("before_serializer", ctx, given, isThere), (data) => {
      if (isText(given) && isText(data)) response.content = data;
      else this.write(ctx, data);
      return chain(
        this.#hooks.filter("after_serializer", ctx, response.content, isText),
        (content) => void (response.content = content),
      );
    });
  }

  /** Reads the body before the hooks run, as Dancer does. @throws HTTPError 400 `body-invalid`. */
  read(ctx: Context): Awaitable<void> {
    if (!this.#hasReadHook) return this.#deserialize(ctx);
    return follow(this.#hooks.run("before_deserializer", ctx), this.#deserialize, ctx);
  }

  readonly #deserialize: Step<Context> = (ctx) => {
    if (!this.isChosen) return undefined;
    const { request } = ctx;
    const { mediaType: type, method } = request;
    const carriesData = method !== "GET" && method !== "HEAD" && request.bytes.length > 0;
    if (!carriesData || type === undefined || !this.#serializer.reads(type)) return undefined;
    request.received?.keepData(this.#parse(request.bytes, type));
    return this.#hooks.run("after_deserializer", ctx);
  };

  #parse(bytes: Buffer, type: string): unknown {
    try {
      return this.#serializer.deserialize(
        new TextDecoder("utf-8", { fatal: true }).decode(bytes),
        type,
      );
    } catch (cause) {
      if (cause instanceof HTTPError) throw cause;
      const message = `the body is not what its type ${type} says`;
      throw new HTTPError(400, message, { code: "body-invalid", cause });
    }
  }
}

function isThere(value: unknown): value is unknown {
  return value !== undefined;
}
