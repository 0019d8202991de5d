/** What the life of a request needs of its app. */
import type { Awaitable } from "./awaitable.ts";
import type { Context } from "./context.ts";
import type { HookTable } from "./hooks.ts";
import type { ReceiveLimits } from "./request/received-body.ts";
import type { RequestLimits } from "./request/raw-request.ts";
import type { ErrorPages } from "./response/error-page.ts";
import type { FileResponses } from "./response/file-response.ts";
import type { ContentDefaults } from "./response/respond.ts";
import type { Route } from "./routing/route.ts";
import type { Serialization } from "./response/serialization.ts";
import type { Router } from "./routing/router.ts";
import type { SessionLifeCycle } from "./session/session-life-cycle.ts";

/** The parts of an app that a request passes through. */
export interface CycleParts {
  readonly router: Router<Route>;
  readonly hooks: HookTable<Context>;
  readonly sessions: SessionLifeCycle | undefined;
  /** There where the public folder is. */
  readonly files: FileResponses | undefined;
  /** For `sendFile` where it is not. */
  readonly loadFiles: () => Promise<FileResponses>;
  readonly errorPages: ErrorPages;
  /** Renders the view of a path that no route answers, if there is one. */
  readonly autoPage: ((ctx: Context) => Awaitable<string> | undefined) | undefined;
  readonly defaults: ContentDefaults;
  readonly serialization: Serialization;
  readonly limits: RequestLimits &
    ReceiveLimits & {
      /** In seconds; 0 for none. */
      readonly handlerTimeout: number;
    };
}
