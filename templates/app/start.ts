/** Starts the app. Tests import app.ts instead. */
import { dance } from "quickstep";
import "./app.ts";

await dance();
