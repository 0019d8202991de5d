import { describe, expect, it } from "vitest";
import { writeXml } from "../../../src/engines/serializer/xml-writer.ts";
import { createApp, logOf, visit } from "../../support/app.ts";

describe("XML made of a stranger's keys", () => {
  it.each([
    { script: { xmlns: "http://www.w3.org/1999/xhtml", content: "alert(1)" } },
    { "xmlns:h": "http://www.w3.org/1999/xhtml", "h:script": { content: "alert(1)" } },
    { svg: { xmlns: "http://www.w3.org/2000/svg", onload: "alert(1)" } },
  ])("never becomes a page that runs scripts: %j", async (data) => {
    const app = createApp({ session: null, serializer: "xml" }, (it) => {
      it.get("/", () => data);
    });
    const reply = await visit(app).get("/");
    expect(reply.status).toBe(500);
    expect(reply.text).not.toContain("alert");
    expect(logOf(app).entries.at(-1)?.message).toContain("page with scripts");
  });

  it("may have namespaces of data", () => {
    expect(writeXml({ xmlns: "http://www.w3.org/2005/Atom" })).toBe(
      '<data xmlns="http://www.w3.org/2005/Atom" />\n',
    );
  });
});
