/** The types that `import "quickstep"` offers; nothing of them is left at run time. */
export type { LoadAppOptions } from "./app.ts";
export type { AppOptions } from "./app-options.ts";
export type { Awaitable } from "./awaitable.ts";
export type { Config } from "./config/config.ts";
export type { ConnectMiddleware, ForeignMiddleware } from "./server/connect.ts";
export type { Context } from "./context.ts";
export type {
  LogEntry,
  LoggedRequest,
  Logger,
  LoggerOptions,
  LogLevel,
} from "./engines/logger/logger.ts";
export type {
  Serializer,
  SerializerOptions,
  SerializerRequest,
} from "./engines/serializer/serializer.ts";
export type {
  SessionChanges,
  SessionLimits,
  SessionRecord,
  SessionStore,
  SessionStoreOptions,
} from "./engines/session/store.ts";
export type {
  TemplateCallOptions,
  TemplateEngine,
  TemplateOptions,
  Tokens,
} from "./engines/template/template.ts";
export type { ErrorReport, HookName, Hooks } from "./hooks.ts";
export type { PathParams } from "./routing/path-params.ts";
export type { Request } from "./request/request.ts";
export type { Upload, UploadLists } from "./request/upload.ts";
export type { CookieWordOptions } from "./response/response-cookie.ts";
export type { Response } from "./response/response.ts";
export type { AnyWord, Handler, RouteOptions, RouteWord } from "./routing/route-table.ts";
export type { RunningServer } from "./server/server.ts";
export type { Session } from "./session/session.ts";
export type { SessionData, SessionKey, SessionValue } from "./session/session-data.ts";
export type { SessionWord } from "./session/session-word.ts";
export type { ReportSecurityEvent, SecurityEvent, SecurityEvents } from "./security-events.ts";
export type {
  InferSession,
  SessionSchema,
  SessionSchemaOptions,
} from "./session/session-schema.ts";
export type {
  RevocationList,
  RevocationListOptions,
} from "./engines/revocation/revocation-list.ts";
export type { Settings } from "./config/settings.ts";
export type { SendFileOptions } from "./signals.ts";
