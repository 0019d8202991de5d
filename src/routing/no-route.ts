/** Why no route answers: an unknown method, path, or a method that this path does not answer. */

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const NO_HEADERS: Readonly<Record<string, string>> = {};

/** The plainest of answers, of which no hook is told. No Error: making one costs as much as the rest of it. */
export class NoRoute {
  readonly status: 404 | 405 | 501;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;

  /** @param allowed the methods that the path answers; sent as `Allow` with 405 and 501 */
  constructor(method: string, path: string, allowed: readonly string[]) {
    if (METHODS.has(method) && (allowed.length === 0 || allowed.includes(method))) {
      this.status = 404;
      this.message = `no route answers ${method} ${path}`;
      this.headers = NO_HEADERS;
      return;
    }
    const Allow = allowed.join(", ");
    this.headers = { Allow };
    if (METHODS.has(method)) {
      this.status = 405;
      this.message = `${path} answers ${Allow}, not ${method}`;
    } else {
      this.status = 501;
      this.message = `the method ${method} is not supported`;
    }
  }
}
