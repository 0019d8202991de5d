/** The errors that Quickstep raises: one base class, stable codes, plain sentences. */

/** Base of every error that Quickstep raises; `code` never changes its meaning. */
export class QuickstepError extends Error {
  /** A stable name for the kind of failure, such as `engine-unknown`; branch on this, never on the text. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A setting, a configuration file or the command line is wrong. */
export class ConfigError extends QuickstepError {}

/** An engine is unknown, broken or not installed. */
export class EngineError extends QuickstepError {}

/** A keyword was used where it has no meaning. */
export class KeywordError extends QuickstepError {}

/** A route or hook was declared wrongly, or too late. */
export class RouteError extends QuickstepError {}

/** A session was asked for something it cannot do. */
export class SessionError extends QuickstepError {}

/** A response cannot be sent as it was described. */
export class ResponseError extends QuickstepError {}

/** Tells an `HTTPError`; errors of libraries may carry a status too, and only ours are believed. */
export function isHttpError(thrown: unknown): thrown is HTTPError {
  return isOurs(thrown) && thrown instanceof HTTPError;
}

/** Tells an error that Quickstep raised. */
export function isOurs(thrown: unknown): thrown is QuickstepError {
  try {
    return thrown instanceof QuickstepError;
  } catch {
    // A proxy may refuse even this question.
    return false;
  }
}

/** An answer other than success: throw it to answer with this status. */
export class HTTPError extends QuickstepError {
  /** The HTTP status to answer with. */
  readonly status: number;
  /** Headers to send along, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    options: ErrorOptions & { code?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    // Below 500 it is an answer, not a fault: nobody looks for its origin, and a stack costs more than the answer.
    const { stackTraceLimit } = Error;
    if (status < 500) Error.stackTraceLimit = 0;
    super(options.code ?? `http-${status}`, message, options);
    Error.stackTraceLimit = stackTraceLimit;
    this.status = status;
    this.headers = options.headers ?? {};
  }
}
