/** When a request is given up: the client has gone, or its time is over. */

/** What tells that an exchange ended; node's `ServerResponse` fits. */
export interface Exchange {
  readonly writableFinished: boolean;
  readonly closed: boolean;
  once(event: "close", listener: () => void): unknown;
}

/** The AbortSignal of one request, made when it is first asked for. */
export class RequestAbort {
  readonly #end: Exchange | AbortSignal | undefined;
  #controller: AbortController | undefined;
  #reason: unknown;

  /** @param end node's response, or the signal of a Web request */
  constructor(end?: Exchange | AbortSignal) {
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

  #watch(): void {
    const end = this.#end;
    if (end === undefined) return;
    const gone = (): void => this.abort(new Error("the client has gone"));
    if (end instanceof AbortSignal) {
      if (end.aborted) gone();
      else end.addEventListener("abort", gone, { once: true });
      return;
    }
    const onClose = (): void => {
      if (!end.writableFinished) gone();
    };
    if (end.closed) onClose();
    else end.once("close", onClose);
  }
}
