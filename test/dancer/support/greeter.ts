/** The plugins of the recorded suite "plugins", written as an npm package would be. */
import { halt, requestWords } from "../../../src/keywords.ts";
import { definePlugin } from "../../../src/plugin.ts";

const { header, request, status } = requestWords;

declare module "../../../src/hooks.ts" {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- an augmentation repeats the parameters
  interface Hooks<Ctx> {
    /** Before somebody is greeted; may change the name. */
    before_greeting: (data: { name: string }) => unknown;
    /** After somebody was greeted; may change the text. */
    after_greeting: (data: { text: string }) => unknown;
  }
}

/** Keywords with hooks, state and configuration. */
export const greeter = definePlugin({
  name: "Greeter",
  setup: ({ app, settings }) => {
    const before = app.defineHook("before_greeting");
    const after = app.defineHook("after_greeting");
    const { greeting = "hi", punctuation } = settings;
    const { end = "." } = (punctuation ?? {}) as { end?: string };
    let count = 0;
    app.hook("before", () => header("X-Greeter", "loaded"));
    return {
      greet: async (name: string) => {
        const who = { name };
        await before(who);
        const said = { text: `${String(greeting)} ${who.name}${end}` };
        await after(said);
        count += 1;
        return said.text;
      },
      greeted: () => count,
      whoAsks: () => request().path,
      deny: () => {
        status(403);
        halt("denied by plugin");
      },
      pageFor: (path: string, answer: () => string) => {
        app.get(path, () => `page: ${answer()}`);
      },
      configKeys: () => Object.keys(settings).sort().join(","),
    };
  },
});

/** A plugin without configuration. */
export const bare = definePlugin({
  name: "Bare",
  setup: ({ settings }) => ({
    bareSettings: () => `HASH with ${Object.keys(settings).length}`,
  }),
});
