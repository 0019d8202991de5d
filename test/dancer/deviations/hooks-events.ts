import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "events of the body": {
    because:
      "Serializer hooks run for data; Dancer runs them for text too, which nothing serializes.",
    answer: {
      status: 200,
      body: "after before_deserializer after_deserializer before_serializer after_serializer after before_deserializer",
    },
  },
  "send_error with a serializer": {
    because:
      "An error is data as well, so that a client can read it; outside development it says no more than the status.",
    answer: {
      status: 400,
      headers: { "x-error": "seen", "content-type": "application/json; charset=utf-8" },
      probes: { '"error":"Bad Request"': true, bad: false },
    },
  },
  "events of that": {
    because:
      "As above: serializer hooks run for data only, and an error's data is serialized before after_error_render.",
    answer: {
      status: 200,
      body: "after before_deserializer before_error_init before_error_render before_serializer after_serializer after_error_render after before_deserializer",
    },
  },
};
