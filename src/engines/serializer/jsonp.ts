/** The serializer `jsonp`: JSON, as a call of the function that the request names. */
import { HTTPError } from "../../errors.ts";
import { createJsonSerializer } from "./json.ts";
import type { Serializer, SerializerOptions } from "./serializer.ts";

/** Names joined by dots, such as `jQuery_1.show`; anything more would let a stranger write scripts. */
const FUNCTION = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u;

/**
 * Makes the serializer `jsonp`: `?callback=show` is answered with `show({…});`, and a request
 * without `callback` with plain JSON. Bodies are read as JSON.
 */
export function createJsonpSerializer(options: SerializerOptions): Serializer {
  const json = createJsonSerializer(options);
  return {
    ...json,
    for(request) {
      const callback = request.query["callback"]?.at(-1);
      return callback === undefined ? json : calling(json, checked(callback));
    },
  };
}

function calling(json: Serializer, callback: string): Serializer {
  return {
    ...json,
    contentType: "application/javascript",
    serialize: (data) => `${callback}(${toScript(json.serialize(data).trimEnd())});`,
  };
}

function checked(callback: string): string {
  if (FUNCTION.test(callback) && callback.length <= 100) return callback;
  throw new HTTPError(400, "the callback must be the name of a function", {
    code: "callback-invalid",
  });
}

/** Line separators end a statement in older scripts, although JSON allows them. */
function toScript(json: string): string {
  return json.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
