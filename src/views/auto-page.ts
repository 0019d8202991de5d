/** `auto_page`: a path that no route answers is answered by the view of its name, as in Dancer. */
import type { Awaitable } from "../awaitable.ts";
import type { Context } from "../context.ts";
import type { Settings } from "../config/settings.ts";
import type { PageRenderer } from "./page.ts";

/**
 * Makes what renders the view that a path names, or its `index`; `undefined` where there is none.
 * Unlike in Dancer layouts are no pages, nor is anything hidden or outside of the views' folder.
 */
export function createAutoPage(
  pages: PageRenderer,
  settings: Settings,
): (ctx: Context) => Awaitable<string> | undefined {
  const isHidden = (name: string): boolean =>
    name.startsWith(`${settings.layout_dir}/`) || /(?:^|\/)\./.test(name);
  return (ctx) => {
    const name = ctx.request.pathInfo.replace(/\/{2,}/g, "/").replace(/^\//, "");
    const index = `${name.replace(/\/$/, "")}/index`.replace(/^\//, "");
    const view = [name, index].find((one) => !isHidden(one) && pages.hasView(one));
    return view === undefined ? undefined : pages.render(ctx, settings, view, {}, {});
  };
}
