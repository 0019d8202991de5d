/** Requirements that no test names, and why, in a sentence. */
export const byArgument: Readonly<Partial<Record<string, string>>> = {
  "SEC-121":
    "Optional, not offered: data is not padded, so a cookie tells roughly how much it holds.",
  "SEC-410": "Optional, not offered: a cookie session is known to nobody but its browser.",
  "SEC-413": "Optional, not offered as a word: `session().since` tells when the login was.",
  "SEC-414": "Optional, not offered as a setting: a handler may send the header itself.",
};
