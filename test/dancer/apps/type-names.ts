/** Our own suite "type-names": the media types of usual endings and names. */
import type { App } from "../../../src/app.ts";

export default function define(app: App): void {
  app.get("/t/:t", ({ contentType, params }) => {
    contentType(params.t);
    return "x";
  });
  app.get("/f/:f", ({ params }) => app.mimeTypes.forFile(`x.${params.f}`));
  app.get("/n/:n", ({ params }) => app.mimeTypes.forName(params.n));
}
