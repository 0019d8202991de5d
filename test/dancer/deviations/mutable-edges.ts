import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /one | Accept: text/*": {
    answer: {
      headers: {
        "content-type": "text/x-json; charset=utf-8",
      },
      status: 200,
    },
  },
  "GET /one | Accept: TEXT/XML": {
    answer: {
      headers: {
        "content-type": "text/xml; charset=utf-8",
      },
      body: '<data a="1" />\n',
      status: 200,
    },
  },
  "GET /one | Accept: text/xml;q=0.5": {
    answer: {
      headers: {
        "content-type": "text/xml; charset=utf-8",
      },
      status: 200,
    },
  },
  "GET /one | Accept: text/x-yaml; q=1": {
    answer: {
      headers: {
        "content-type": "text/x-yaml; charset=utf-8",
      },
      status: 200,
    },
  },
  "PATCH /in/9 | Content-Type: text/xml || <d><a>v</a><l>1</l><l>2</l></d>": {
    answer: {
      body: "in a=v,id=9,l=[1+2]",
      status: 200,
    },
  },
  "PATCH /in/9 | Content-Type: text/x-yaml || ---\\na: v\\nl:\\n  - 1\\n  - 2\\n": {
    answer: {
      body: "in a=v,id=9,l=[1+2]",
      status: 200,
    },
  },
  "PATCH /in/9 | Content-Type: text/html || ---\\na: v\\nl:\\n  - 1\\n  - 2\\n": {
    answer: {
      body: "in a=v,id=9,l=[1+2]",
      status: 200,
    },
  },
  "POST /echo | Content-Type: text/html || ---\\na: v\\nl:\\n  - 1\\n  - 2\\n": {
    answer: {
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
      body: '{"got":"v"}',
      status: 200,
    },
  },
  "POST /in/9 | Content-Type: application/xml || <d><a>v</a><l>1</l><l>2</l></d>": {
    answer: {
      body: "in a=v,id=9,l=[1+2]",
      status: 200,
    },
  },
  "POST /echo | Content-Type: application/xml || <d><a>v</a><l>1</l><l>2</l></d>": {
    answer: {
      body: '{"got":"v"}',
      status: 200,
    },
  },
  "POST /body | Content-Type: application/xml || <d><a>v</a><l>1</l><l>2</l></d>": {
    answer: {
      body: "body a=v,l=[1+2]",
      status: 200,
    },
  },
  "PATCH /in/9 | Content-Type: text/xml; charset=utf-8 || <d><a>v</a><l>1</l><l>2</l></d>": {
    answer: {
      body: "in a=v,id=9,l=[1+2]",
      status: 200,
    },
  },
  "GET /error | Accept: application/json": {
    answer: {
      probes: {
        '{"error":"Bad Request","status":400': true,
      },
      status: 400,
    },
  },
  "GET /die | Accept: application/json": {
    answer: {
      probes: {
        '{"error":"Internal Server Error","status":500': true,
      },
      status: 500,
    },
  },
  "GET /pass | Accept: application/json": {
    answer: {
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
      probes: {
        '{"error":"Not Found","status":404': true,
      },
      status: 404,
    },
  },
  "GET /nowhere | Accept: application/json": {
    answer: {
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
      probes: {
        '{"error":"Not Found","status":404': true,
      },
      status: 404,
    },
  },
  "@shown GET /die | Accept: text/x-yaml": {
    answer: {
      body: "---\nerror: |\n  dead\nexception: |\n  dead\n",
      status: 500,
    },
  },
  "GET /one?content_type=text/html": {
    answer: {
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
      body: '{"a":1}',
      status: 200,
    },
  },
  "GET /one | Accept-Type: text/html": {
    answer: {
      headers: {
        "content-type": "application/json; charset=utf-8",
      },
      body: '{"a":1}',
      status: 200,
    },
  },
};
