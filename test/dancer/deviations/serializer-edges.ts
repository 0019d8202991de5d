import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "@json GET /error-d": {
    answer: {
      status: 409,
      body: '{"why":"sent"}',
    },
  },
  "@json GET /error | Accept: application/json": {
    answer: {
      status: 404,
    },
  },
  "@json GET /die | Accept: application/json": {
    answer: {
      status: 500,
    },
  },
  "@json GET /nowhere | Accept: application/json": {
    answer: {
      status: 404,
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
    },
  },
  '@json POST /in | Content-Type: application/json || {"a":1': {
    answer: {
      status: 400,
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
    },
  },
  "@json POST /in | Content-Type: application/json || {a:1}": {
    answer: {
      status: 400,
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
    },
  },
  '@json POST /in | Content-Type: application/json || {"a":1}{"b":2}': {
    answer: {
      status: 400,
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
    },
  },
  '@json POST /in | Content-Type: application/vnd.api+json || {"a":1}': {
    answer: {
      status: 200,
      body: "in a=1",
    },
  },
  "@yaml GET /deep": {
    answer: {
      status: 200,
      body: "---\na:\n  b:\n    c:\n      - 1\n      - - 2\n        - d: ~\n",
    },
  },
  "@yaml GET /strings": {
    answer: {
      status: 200,
      body: '---\ne: \'\'\nh: <a href="x">&</a>\nn: |-\n  a\n  b\nq: say "x"\ns: /\nu: ü€\n',
    },
  },
  "@yaml GET /nested": {
    answer: {
      status: 200,
      body: "---\n- - 1\n  - 2\n- - 3\n",
    },
  },
  "@yaml GET /keys": {
    answer: {
      status: 200,
      body: "---\n'1': 4\nB: 3\na: 2\nb: 1\n",
    },
  },
  "@yaml GET /error-d": {
    answer: {
      status: 409,
      body: "---\nwhy: sent\n",
    },
  },
  "@yaml GET /bad": {
    answer: {
      status: 500,
      headers: {
        "content-type": "text/plain; charset=utf-8",
      },
      body: "An internal error occured",
    },
  },
  "@yaml POST /in | Content-Type: text/x-yaml || ---\\na: ü\\n": {
    answer: {
      status: 200,
      body: "in a=ü",
    },
  },
  '@yaml POST /in | Content-Type: application/json || {"a":1}': {
    answer: {
      status: 200,
      body: "in a=1",
    },
  },
  "@yaml POST /in | Content-Type: text/x-yaml || ---\\na: yes\\nb: no\\nc: 010\\nd: 1.50\\n": {
    answer: {
      status: 200,
      body: "in a=yes,b=no,c=10,d=1.5",
    },
  },
  "@xml GET /deep": {
    answer: {
      status: 200,
      body: '<data>\n  <a>\n    <b>\n      <c>1</c>\n      <c>\n        <anon>2</anon>\n        <anon d="" />\n      </c>\n    </b>\n  </a>\n</data>\n',
    },
  },
  "@xml GET /keys": {
    answer: {
      status: 500,
      headers: {
        "content-type": "text/plain; charset=utf-8",
      },
      body: "An internal error occured",
    },
  },
  "@xml GET /error-d": {
    answer: {
      status: 409,
      body: '<data why="sent" />\n',
    },
  },
  "@xml POST /in | Content-Type: text/xml || nope": {
    answer: {
      status: 400,
      headers: {
        "content-type": "text/xml; charset=utf-8",
      },
    },
  },
  "@mutable GET /one | Accept: text/html": {
    answer: {
      status: 200,
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
      body: '{"a":1}',
    },
  },
  "@mutable GET /error | Accept: application/json": {
    answer: {
      status: 404,
    },
  },
  "@mutable GET /die | Accept: application/json": {
    answer: {
      status: 500,
    },
  },
  "@mutable GET /error-d | Accept: application/json": {
    answer: {
      status: 409,
      body: '{"why":"sent"}',
    },
  },
  "@mutable GET /nowhere | Accept: application/json": {
    answer: {
      status: 404,
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
    },
  },
  "@mutable POST /in | Content-Type: application/json || {bad": {
    answer: {
      status: 400,
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
    },
  },
  "@jsonp GET /one?callback=a[0]": {
    answer: {
      status: 400,
    },
  },
  "@jsonp GET /one?callback=": {
    answer: {
      status: 400,
    },
  },
  "@jsonp GET /one?callback=cb&callback=cd": {
    answer: {
      status: 200,
      body: 'cd({"a":1});',
    },
  },
  '@jsonp POST /in?callback=cb | Content-Type: application/json || {"a":1}': {
    answer: {
      status: 200,
      body: "in a=1,callback=cb",
    },
  },
};
