/** How to make a good key; ends every message about a bad one. */
export const keyAdvice = "make one with: npx quickstep secret";
