/**
 * What is used of `node:http` at run time. An import statement would have Node 24 load its WebSocket and fetch too,
 * which `node:http` offers as well: 6 MB and 10 ms at start.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule("node:http");
