import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  info: {
    because:
      "request.path is the path that hooks, router and files see, so that a hook which guards /admin does so wherever the app is mounted; scriptName and uri tell the rest.",
    answer: {
      status: 200,
      body: "script_name=/app path=/info path_info=/info uri=/app/info?x=1 base=http://app.test/app uri_base=http://app.test/app",
    },
  },
  forward: {
    because: "As above: request.path is the path within the app.",
    answer: {
      status: 200,
      body: "script_name=/app path=/info path_info=/info uri=/app/fwd base=http://app.test/app uri_base=http://app.test/app",
    },
  },
};
