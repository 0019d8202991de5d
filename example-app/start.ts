/** Starts the board. */
import { dance } from "quickstep";
import "./app.ts";

await dance();
