/** `quickstep/ajax`: routes for requests that scripts of a page make, after Dancer::Plugin::Ajax. */
import type { Context } from "./context.ts";
import { definePlugin } from "./plugin.ts";
import type { RouteOptions, RouteWord } from "./routing/route-table.ts";

/** The keywords of the plugin. */
export interface AjaxKeywords {
  /**
   * Answers GET and POST with the header `X-Requested-With: XMLHttpRequest`, ahead of routes for the
   * same path without conditions. Views get no layout. The content type is `content_type` of the
   * plugin's settings, `text/xml` unless set, and the handler may choose another.
   */
  readonly ajax: RouteWord;
}

/**
 * Gives an app the keyword `ajax`. As in Dancer, whatever else answers such a request has the plugin's
 * content type too, unless it says another; data has its own.
 *
 * @example
 * const { ajax } = ajaxPlugin(app);
 * ajax("/items/:id", ({ params }) => `<item id="${params.id}"/>`);
 */
export const ajaxPlugin = definePlugin<AjaxKeywords>({
  name: "Ajax",
  setup: ({ app, settings }) => {
    const { content_type: type = "text/xml" } = settings;
    app.hook("before", ({ request, contentType }) => {
      if (request.isAjax) contentType(String(type));
    });
    // Data has the type of what it is written as.
    app.hook("before_serializer", ({ request, contentType, header }, data) => {
      const isDefault = request.isAjax && contentType() === app.mimeTypes.forName(String(type));
      if (isDefault && typeof data === "object") header("Content-Type", null);
    });
    return {
      ajax: (path: string | RegExp, ...rest: readonly unknown[]) => {
        const handler = rest.at(-1) as (ctx: Context<never>) => unknown;
        const options = (rest.length > 1 ? rest[0] : {}) as RouteOptions;
        const isAjax = { ...options, x_requested_with: /^XMLHttpRequest$/ };
        app.any(["get", "post"], path, isAjax, (ctx) => {
          ctx.contentType(String(type));
          ctx.layout(null);
          return handler(ctx as Context<never>);
        });
      },
    };
  },
});
