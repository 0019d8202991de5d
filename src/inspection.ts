/**
 * Tells tools what an app declares, over node's diagnostics channels; while nobody listens it costs
 * nothing. `quickstep routes` listens.
 */
import { channel } from "node:diagnostics_channel";

/** A route, or the function of a hook, was declared; the declaration is still on the stack. */
export const declared = channel("quickstep:declared");

/** An app has all its routes and hooks, and is about to make its engines: `Assembly`. */
export const assembled = channel("quickstep:assembled");
