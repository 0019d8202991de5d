/** Dancer's suite "apps": load_app with prefix and settings. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.set("layout", "main");
  app.set("app", { owner: "main owner" });
  const owner = (of: App): string => String(of.settings.app["owner"]);

  app.get("/same", () => "same in main");
  app.get("/common", () => "main common");
  app.get("/owner", () => owner(app));
  app.get("/page", ({ template }) => template("page", { who: "main" }));
  app.get("/b/:x", ({ pass }) => pass());

  app.loadApp(
    (shop) => {
      shop.hook("before", ({ header, request }) => header("X-Shop-Hook", request.path));
      shop.get("/", () => "shop root");
      shop.get("/cart", () => `cart of ${owner(shop)}`);
      shop.get("/layout", ({ settings }) => settings.layout);
      shop.get("/page", ({ template }) => template("page", { who: "shop" }));
      shop.get("/common", () => "shop common");
      shop.get("/json", () => ({ shop: 1 }));
      shop.get("/set", () => {
        shop.set("app", { owner: "changed" });
        return owner(shop);
      });
      shop.prefix("/deep", () => {
        shop.get("/x", () => "deep x");
      });
    },
    { prefix: "/shop", settings: { layout: "shop", app: { owner: "shop owner" } } },
  );
  app.loadApp((blog) => {
    blog.get("/blog", () => `blog of ${owner(blog)}`);
    blog.get("/same", () => "same in blog");
    blog.get("/b/:id", ({ params }) => `blog ${params.id}`);
  });
}
