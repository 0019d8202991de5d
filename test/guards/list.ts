/** Every guard that is taken out. */
import { caches } from "./caches.ts";
import { cookies } from "./cookies.ts";
import { identity } from "./identity.ts";
import { lifetimes } from "./lifetimes.ts";
import { sealing } from "./sealing.ts";
import { stores } from "./stores.ts";

export const guards = [...sealing, ...cookies, ...lifetimes, ...identity, ...caches, ...stores];
