/** What `import "quickstep"` offers: the keywords of a default app, and the classes behind them. */
import { App } from "./app.ts";
import { createAppWords, createLogWords, requestWords } from "./keywords.ts";

/** The app that the imported keywords act on; it reads the process's command line. */
export const app = new App({ argv: process.argv.slice(2) });

export const {
  any,
  config,
  dance,
  del,
  engine,
  get,
  hook,
  load,
  loadApp,
  mime,
  options,
  patch,
  post,
  prefix,
  put,
  set,
  setting,
  start,
  use,
} = createAppWords(app);

export const { debug, error, info, warning } = createLogWords(app);

export const {
  captures,
  contentType,
  cookie,
  cookies,
  header,
  headers,
  layout,
  param,
  paramArray,
  params,
  pushHeader,
  redirect,
  redirectLocal,
  renderWithLayout,
  request,
  response,
  session,
  splat,
  status,
  template,
  upload,
  uploads,
  uriFor,
  vars,
} = requestWords;

const varWord = requestWords.var;
export { varWord as var };

export { forward, halt, pass, sendError, sendFile } from "./keywords.ts";

export { App } from "./app.ts";
export {
  ConfigError,
  EngineError,
  HTTPError,
  KeywordError,
  QuickstepError,
  ResponseError,
  RouteError,
  SessionError,
} from "./errors.ts";
export { raw, RawHtml } from "./views/html.ts";
export type * from "./types.ts";
