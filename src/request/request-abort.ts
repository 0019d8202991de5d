/** When a request is given up: the client has gone, or its time is over. */

/** What tells that an exchange ended; node's `ServerResponse` fits. */
export interface Exchange {
  readonly writableFinished: boolean;
  readonly closed: boolean;
  once(event: "close", listener: () => void): unknown;
}

/** The AbortSignal of one request, made when it is first asked for. */
export class RequestAbort {
  readonly #end: Exchange | undefined;
  #controller: AbortController | undefined;
  #reason: unknown;

  /** @param end node's response, or what stands for it */
  constructor(end?: Exchange) {
    this.#end = end;
  }

  /** Aborted with an Error as its reason; never once the whole answer has been sent. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
      else this.#watch();
    }
    return this.#controller.signal;
  }

  /** Gives the request up, for this reason. */
  abort(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  /** Calls this once the exchange is over: answered, or given up. */
  onEnd(listener: () => void): void {
    if (this.#end === undefined || this.#end.closed) listener();
    else this.#end.once("close", listener);
  }

  #watch(): void {
    const end = this.#end;
    if (end === undefined) return;
    this.onEnd(() => {
      if (!end.writableFinished) this.abort(new Error("the client has gone"));
    });
  }
}
