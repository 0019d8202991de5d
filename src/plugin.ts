/** `quickstep/plugin`: how an npm package adds keywords, hooks and settings to an app. */
import type { App } from "./app.ts";

/** What a plugin is made of. */
export interface PluginDefinition<Keywords> {
  /** The name of its section in `plugins:` of the configuration. */
  readonly name: string;
  /** Makes the keywords for one app; it may declare routes and hooks of its own. */
  readonly setup: (tools: PluginTools) => Keywords;
}

/** What a plugin is handed. */
export interface PluginTools {
  /** The app that takes the plugin in. */
  readonly app: App;
  /** The plugin's section of the configuration, all layers merged; an empty map where there is none. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Defines a plugin: a function that gives an app its keywords, always the same ones for the same app.
 *
 * Words such as `request()` and `halt()`, imported from "quickstep", find the request that is being
 * served. `app.defineHook` makes a hook of the plugin's own.
 *
 * @example
 * export const greeter = definePlugin({
 *   name: "Greeter",
 *   setup: ({ settings }) => ({ greet: (name: string) => `${String(settings.greeting)} ${name}` }),
 * });
 * // in an app:
 * const { greet } = greeter(app);
 */
export function definePlugin<Keywords>({
  name,
  setup,
}: PluginDefinition<Keywords>): (app: App) => Keywords {
  const known = new WeakMap<App, { keywords: Keywords }>();
  return (app) => {
    let made = known.get(app);
    if (made === undefined) {
      const tools = {
        app,
        get settings() {
          return sectionOf(app, name);
        },
      };
      made = { keywords: setup(tools) };
      known.set(app, made);
    }
    return made.keywords;
  };
}

function sectionOf(app: App, name: string): Readonly<Record<string, unknown>> {
  const plugins: Readonly<Record<string, unknown>> = app.settings.plugins;
  const section = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  return typeof section === "object" && section !== null
    ? (section as Readonly<Record<string, unknown>>)
    : {};
}
