import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { RouteError } from "../../src/errors.ts";
import { RoutePattern } from "../../src/routing/route-pattern.ts";
import { Router, type Routable } from "../../src/routing/router.ts";
import { matchesInOrder, type LinearRoute } from "../support/linear-router.ts";

interface Named extends Routable {
  readonly name: string;
}

type Path = string | RegExp;

function routerOf(...routes: readonly (Path | readonly [string, Path, object?])[]) {
  const router = new Router<Named>();
  for (const [index, route] of routes.entries()) {
    const [method, pattern, conditions] =
      typeof route === "string" || route instanceof RegExp ? (["GET", route] as const) : route;
    router.add({ method, pattern: new RoutePattern(pattern), conditions, name: String(index) });
  }
  router.freeze();
  return router;
}

/** The names of the routes that a chain of `pass` visits. */
function chain(router: Router<Named>, method: string, path: string): string {
  const names: string[] = [];
  let found = router.find(method, path);
  while (found !== undefined) {
    names.push(found.route.name);
    found = router.find(method, path, found.position + 1);
  }
  return names.join(" ");
}

describe("definition order", () => {
  it.each<[Path[], string, string]>([
    [["/first/*", "/first/:x"], "/first/x", "0 1"],
    [["/some/**", "/some/exact"], "/some/exact", "0 1"],
    [["/code/:n", "/code/*", /\/code\/(\d)/], "/code/5", "0 1 2"],
    [["/code/:n", "/code/*", /\/code\/(\d)/], "/code/x", "0 1"],
    [["/a", "/a"], "/a", "0 1"],
    [[/\/(.)/, "/a", /\/a/, "/**"], "/a", "0 1 2 3"],
    [["/a/*-x", "/a/b-x", "/*/b-*"], "/a/b-x", "0 1 2"],
    [["/:a?", "/", "/?", "/**?"], "/", "0 1 2 3"],
    [["/a?b", "/ab", "/*"], "/ab", "0 1 2"],
    [["/a?b", "/ab", "/*"], "/b", "0 2"],
    [["/pre-*-post", "/pre*", "/p**t"], "/pre-x-post", "0 1 2"],
    [["/file/*.*", "/file/a.b", "/*/a.*"], "/file/a.b", "0 1 2"],
    [["/a/**/z", "/a/b/:c/z", "/*/b/c/*"], "/a/b/c/z", "0 1 2"],
    [["/?x?/b", "/b"], "/b", "0 1"],
    [["/a/?/?/?/?/?b"], "/a//b", "0"],
    [["//a", "/a"], "//a", "0"],
    [["/%41?x", "/:any"], "/%4x", "0 1"],
    [["/50%25;a#b", "/:any", "/50**"], "/50%25;a#b", "0 1 2"],
    [["/*b", "/:any"], "/a?b", "0 1"],
    [["/%", "/:any"], "/%", "0 1"],
    [["/%zz", "/:any"], "/%zz", "0 1"],
    [["/!", "/%"], "/!", "0"],
    [["/:x"], "/a:(b", "0"],
    [["/*"], "*", ""],
    [[/\*/, "/*"], "*", "0"],
    [[], "/", ""],
  ])("of %o on %s is %j", (routes, path, names) => {
    expect(chain(routerOf(...routes), "GET", path)).toBe(names);
  });

  it("holds for parameters of any length", () => {
    expect(chain(routerOf("/:x", "/*"), "GET", `/${"x".repeat(65_536)}`)).toBe("0 1");
  });

  it("puts routes with conditions before those without, as Dancer does", () => {
    const conditions = {};
    const router = routerOf(
      "/",
      ["GET", "/", conditions],
      /.*/,
      ["GET", /.*/, conditions],
      ["POST", "/", conditions],
    );
    expect(chain(router, "GET", "/")).toBe("1 3 0 2");
    expect(router.routes.map(({ name }) => name)).toEqual(["0", "1", "2", "3", "4"]);
  });

  it("gives params of the route that answers only", () => {
    const router = routerOf("/left/:one", "/left/:two");
    const first = router.find("GET", "/left/v");
    const second = router.find("GET", "/left/v", first!.position + 1);
    expect({ ...second!.match.params }).toEqual({ two: "v" });
  });
});

describe("methods", () => {
  it("answers HEAD by HEAD and GET routes together", () => {
    const router = routerOf("/a", ["HEAD", "/a"], "/:x", ["POST", "/a"]);
    expect(chain(router, "HEAD", "/a")).toBe("0 1 2");
    expect(chain(router, "GET", "/a")).toBe("0 2");
  });

  it("tells what a path answers", () => {
    const router = routerOf(
      ["POST", "/thing"],
      "/thing",
      ["PUT", "/:id"],
      ["DELETE", /\/th.*/],
      ["OPTIONS", "/menu"],
      ["POST", "/thing"],
      ["PROPFIND", "/thing"],
    );
    expect(router.allowed("/thing")).toEqual(["DELETE", "GET", "HEAD", "POST", "PROPFIND", "PUT"]);
    expect(router.allowed("/menu")).toEqual(["OPTIONS", "PUT"]);
    expect(router.allowed("/no/where")).toEqual([]);
  });

  it("tells what a path answers after a search for it, and after a further route", () => {
    const router = new Router<Named>();
    const add = (method: string, path: string): void =>
      router.add({ method, pattern: new RoutePattern(path), name: path });
    add("POST", "/thing");
    expect(router.find("GET", "/other")).toBeUndefined();
    expect(router.allowed("/thing")).toEqual(["POST"]);
    expect(router.find("GET", "/thing")).toBeUndefined();
    add("PUT", "/:id");
    expect(router.allowed("/thing")).toEqual(["POST", "PUT"]);
  });

  it("knows methods that node and find-my-way do not", () => {
    const router = routerOf(["BREW", "/pot"]);
    expect(chain(router, "BREW", "/pot")).toBe("0");
    expect(chain(router, "GET", "/pot")).toBe("");
  });
});

describe("a frozen router", () => {
  it("refuses routes and names the one that came too late", () => {
    const router = routerOf("/a");
    const late = { method: "GET", pattern: new RoutePattern("/:late"), name: "late" };
    expect(() => router.add(late)).toThrow(RouteError);
    expect(() => router.add(late)).toThrow(
      expect.objectContaining({
        code: "route-too-late",
        message:
          "the route GET /:late comes too late, the app is serving; declare all routes before the first request",
      }) as Error,
    );
    expect(chain(router, "GET", "/b")).toBe("");
  });
});

/** A difference between the router's chain and the oracle's, or `undefined`. */
function difference(
  given: readonly LinearRoute[],
  expected: readonly LinearRoute[],
  method: string,
  path: string,
): { got: unknown; wanted: unknown } | undefined {
  const router = new Router<Routable & { spec: LinearRoute }>();
  for (const spec of given) {
    router.add({ method: spec.method, pattern: new RoutePattern(spec.pattern, spec.prefix), spec });
  }
  router.freeze();
  const got = [];
  let found = router.find(method, path);
  while (found !== undefined) {
    const { params, splat } = found.match;
    got.push({ route: found.route.spec, params: { ...params }, splat });
    found = router.find(method, path, found.position + 1);
  }
  const wanted = matchesInOrder(expected, method, path);
  try {
    expect(got).toStrictEqual(wanted);
  } catch {
    return { got, wanted };
  }
  return undefined;
}

const letter = fc.constantFrom("a", "b", "c");
const literal = fc.string({ unit: letter, minLength: 1, maxLength: 2 });
const token = fc.constantFrom(":p", ":q", ":p?", "*", "*?", "**", "**?");
const segment = fc.oneof(
  { weight: 4, arbitrary: literal },
  { weight: 4, arbitrary: token },
  { weight: 1, arbitrary: fc.constantFrom("*.*", ":p.:q", "a?b", "b?", ".", "", ":p:q", ":q*") },
  { weight: 2, arbitrary: fc.tuple(literal, token).map((parts) => parts.join("")) },
  {
    weight: 1,
    arbitrary: fc.tuple(literal, token, fc.constant("."), literal).map((parts) => parts.join("")),
  },
);
const wide = fc.constantFrom(
  "/:p",
  "/*",
  "/**",
  "/:p?",
  "/:p/*",
  "/*/**",
  "/a/*",
  "/:p/:q?",
  "/a",
  "/a/b",
);
const stringPattern = fc
  .tuple(
    fc.array(segment, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("/", "/", "/", "/?"),
    fc.constantFrom("", "", "", "/", "/?"),
  )
  .map(([segments, slash, end]) => `/${segments.join(slash)}${end}`)
  .filter((pattern) => !/\*\*\*|\?\?/.test(pattern));
const pattern = fc.oneof(
  { weight: 6, arbitrary: stringPattern },
  { weight: 9, arbitrary: wide },
  {
    weight: 1,
    arbitrary: fc.constantFrom<RegExp>(/\/(\w)/, /\/a(?:\/(b))?/, /\/(.*)\/(c)?/, /.*/, /\/[ab]+/),
  },
);
const route = fc.record({
  method: fc.oneof({ weight: 8, arbitrary: fc.constant("GET") }, fc.constantFrom("POST", "HEAD")),
  pattern,
  prefix: fc.constantFrom("", "", "", "", "", "/a", "/a/b", "/:p"),
});
const table = fc
  .array(route, { minLength: 2, maxLength: 12, size: "max" })
  .map((routes): LinearRoute[] =>
    routes.map((each) =>
      each.pattern instanceof RegExp && each.prefix.includes(":") ? { ...each, prefix: "" } : each,
    ),
  );
const somePath = fc
  .array(fc.string({ unit: fc.constantFrom("a", "a", "b", "c", "."), maxLength: 3 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((segments) => `/${segments.join("/")}`);
const method = fc.oneof(
  { weight: 4, arbitrary: fc.constant("GET") },
  fc.constantFrom("POST", "HEAD"),
);

/** Paths of the table's own making, so that many routes have something to match. */
function pathsFor(routes: readonly LinearRoute[]): fc.Arbitrary<string> {
  const made = routes.flatMap(({ pattern, prefix }) =>
    pattern instanceof RegExp
      ? []
      : [
          (prefix + pattern)
            .replace(/\*\*/g, "b/a")
            .replace(/\*|:[pq]/g, "a")
            .replace(/\?/g, ""),
        ],
  );
  return made.length === 0
    ? somePath
    : fc.oneof(somePath, { weight: 3, arbitrary: fc.constantFrom(...made) });
}

describe("the router and a linear matcher", () => {
  it("agree on every table, path and chain of pass", () => {
    let paths = 0;
    let shared = 0;
    const asked = table.chain((routes) =>
      fc.record({
        routes: fc.constant(routes),
        requests: fc.array(fc.tuple(method, pathsFor(routes)), { minLength: 3, maxLength: 6 }),
      }),
    );
    fc.assert(
      fc.property(asked, ({ routes, requests }) => {
        for (const [method, path] of requests) {
          paths += 1;
          if (matchesInOrder(routes, method, path).length >= 2) shared += 1;
          expect(difference(routes, routes, method, path)).toBeUndefined();
        }
      }),
      { numRuns: 4000 },
    );
    expect(shared / paths).toBeGreaterThan(0.3);
  });

  it("agree that the methods of a path are those of the routes that match it", () => {
    fc.assert(
      fc.property(table, somePath, (routes, path) => {
        const router = new Router();
        for (const { method, pattern, prefix } of routes) {
          router.add({ method, pattern: new RoutePattern(pattern, prefix) });
        }
        const methods = ["GET", "HEAD", "POST"];
        expect(router.allowed(path)).toEqual(
          methods.filter((method) => matchesInOrder(routes, method, path).length > 0),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("do not agree once two overlapping routes change places", () => {
    const overlapping: [string | RegExp, string | RegExp, string][] = [
      ["/a/:p", "/a/b", "/a/b"],
      ["/a/*", "/a/:p", "/a/c"],
      ["/**", "/:p/b", "/a/b"],
      [/\/a/, "/a", "/a"],
      ["/:p?", "/", "/"],
    ];
    for (const [first, second, path] of overlapping) {
      const one = { method: "GET", pattern: first, prefix: "" };
      const two = { method: "GET", pattern: second, prefix: "" };
      expect(difference([one, two], [one, two], "GET", path)).toBeUndefined();
      expect(difference([two, one], [one, two], "GET", path)).toBeDefined();
    }
  });
});

describe("the work of a lookup", () => {
  /** The most patterns that one lookup tries, over paths that match and paths that do not. */
  function mostTries(size: number): number {
    const router = new Router();
    const add = (source: string): void =>
      router.add({ method: "GET", pattern: new RoutePattern(source) });
    for (let n = 0; n < size / 5; n += 1) {
      add(`/r${n}/list`);
      add(`/r${n}/:id`);
      add(`/r${n}/:id/edit`);
      add(`/:any/only-${n}`);
      add(`/files-${n}-*`);
    }
    router.freeze();
    const match = vi.spyOn(RoutePattern.prototype, "match");
    let most = 0;
    for (const path of [
      "/r1/list",
      "/r1/7",
      "/r1/7/edit",
      "/x/only-1",
      "/r0/only-1",
      "/files-1-x",
    ]) {
      for (const asked of [path, `${path}x`, `${path}/x`]) {
        match.mockClear();
        let found = router.find("GET", asked);
        while (found !== undefined) found = router.find("GET", asked, found.position + 1);
        most = Math.max(most, match.mock.calls.length);
      }
    }
    match.mockRestore();
    return most;
  }

  it("does not grow with the number of literal, parameter and splat routes", () => {
    expect(mostTries(10_000)).toBeLessThanOrEqual(2 * mostTries(10));
    expect(mostTries(10)).toBeLessThanOrEqual(4);
  });
});
