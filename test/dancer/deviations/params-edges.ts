import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "GET /all?%C3%BC=%E2%82%AC": {
    answer: {
      status: 200,
      body: "ü=€",
    },
  },
  "POST /all | Content-Type: application/x-www-form-urlencoded || a": {
    answer: {
      status: 200,
      body: "a=",
    },
  },
  "POST /all | Content-Type: application/x-www-form-urlencoded || a=%C3%BC&%C3%BC=1": {
    answer: {
      status: 200,
      body: "a=ü,ü=1",
    },
  },
  'POST /all | Content-Type: application/json || {"a":1}': {
    answer: {
      status: 200,
      body: "a=1",
    },
  },
  "POST /src/body?a=1 | Content-Type: application/x-www-form-urlencoded || a=2&c": {
    answer: {
      status: 200,
      body: "body a=2,c=",
    },
  },
  'POST /up | Content-Type: multipart/form-data; boundary=XX || --XX\\r\\nContent-Disposition: form-data; name="a"… (5)':
    {
      answer: {
        status: 200,
        body: "a=x.txt:3:text/csv",
      },
    },
  'POST /up | Content-Type: multipart/form-data; boundary=XX || --XX\\r\\nContent-Disposition: form-data; name="a"… (10)':
    {
      answer: {
        status: 200,
        body: 'a=a"b.txt:1:none',
      },
    },
  'POST /up | Content-Type: multipart/form-data; boundary=XX || --XX\\r\\nContent-Disposition: form-data; name="ä"…':
    {
      answer: {
        status: 200,
        body: "ä=ü.txt:1:none",
      },
    },
  "POST /up | Content-Type: multipart/form-data; boundary=XX || --XX\\r\\nContent-Disposition: form-data; filename…":
    {
      answer: {
        status: 400,
      },
    },
  "POST /uppar | Content-Type: multipart/form-data; boundary=XX || --XX\\r\\nContent-Disposition: form-data; name=… (2)":
    {
      answer: {
        status: 200,
        body: "f=[x.txt+text]",
      },
    },
  "POST /opt/1/9?b=2 | Content-Type: application/x-www-form-urlencoded || b=3": {
    answer: { status: 200, body: "a=1,b=9" },
  },
};
