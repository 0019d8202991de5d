import { App, session, params } from "quickstep";
const app = new App({ appdir: "/tmp/t1", environment: "test", settings: { session: "cookie", session_cookie_key: "0123456789abcdefXYZ", } });
app.get("/", () => "hi");
app.get("/hello/:name", ({ params }) => `Hello ${params.name}`);
app.get("/count", () => session("n", Number(session("n") ?? 0) + 1));
app.get("/json", () => ({ a: 1, q: params("query") }));
app.post("/p", ({ param }) => `got ${param("x")}`);
app.get("/die", () => { throw new Error("boom"); });
app.get("/fwd", ({ forward }) => forward("/hello/fwd"));
app.get("/red", ({ redirect }) => redirect("/hello/x"));
app.get("/logout", () => { session().destroy(); return "bye"; });
app.get("/gen", async function* () { yield "a"; await 1; yield session("n") + ""; });
app.get("/gen2", () => (async function* () { yield "a"; await 1; yield "b"; })());
let cookie = "";
for (const [m, u, body, h] of [["GET","/"],["GET","/hello/ann"],["GET","/count"],["GET","/count"],["GET","/json?a=1&b=2"],["POST","/p","x=5",{"content-type":"application/x-www-form-urlencoded"}],["POST","/p",'{"x":7}',{"content-type":"application/json"}],["POST","/p",'{"x":',{"content-type":"application/json"}],["GET","/die"],["GET","/nope"],["DELETE","/p"],["GET","/fwd"],["GET","/red"],["HEAD","/hello/a"],["GET","/gen2"],["GET","/logout"],["GET","/%zz"]] as any) {
  const r = await app.fetch(new Request("http://app.test" + u, { method: m, body, headers: { ...h, cookie } }));
  const sc = r.headers.get("set-cookie"); if (sc) cookie = sc.split(";")[0];
  console.log(m, u, r.status, JSON.stringify(Object.fromEntries(r.headers)).slice(0, 330), "|", (await r.text()).slice(0, 120).replace(/\n/g, "\\n"));
}
const s = await app.listen(); console.log(s.url);
const r = await fetch(s.url.replace("3000", String(s.port)) + "/count", { headers: { cookie } }); console.log(r.status, await r.text());
const r2 = await fetch(s.url + "/p", { method: "POST", body: new URLSearchParams({ x: "é" }) }); console.log(r2.status, await r2.text());
await s.stop();
