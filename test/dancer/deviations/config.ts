import type { Deviations } from "../deviations.ts";

export const deviations: Deviations = {
  "value types are text": {
    because: "YAML's numbers are numbers; what has to keep its zeros is put in quotes.",
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "{empty=<>,f=<false>,float=<1.5>,no=<no>,nul=undef,num=<7>,quoted=<12>,t=<true>,yes=<yes>}",
    },
  },
  "truth of values": {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "empty=false,f=false,float=true,no=true,nul=false,num=true,quoted=true,t=true,yes=true",
    },
  },
  "default of charset": {
    because: "UTF-8 is the default.",
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<utf-8>",
    },
  },
};
