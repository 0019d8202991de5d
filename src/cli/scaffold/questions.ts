/** Asks on a terminal for what the command line did not say. */
import { cancel, isCancel, select, text } from "@clack/prompts";
import { CommandError } from "../command.ts";
import { findNameProblem } from "./app-name.ts";
import { templates, type TemplateName } from "./template.ts";

/** Asks for the name of the app. */
export async function askForName(): Promise<string> {
  const name = await text({
    message: "What is the app called?",
    placeholder: "my-app",
    defaultValue: "my-app",
    validate: (typed) => (typed === undefined || typed === "" ? undefined : findNameProblem(typed)),
  });
  return isCancel(name) ? giveUp() : name;
}

/** Asks which template to start from. */
export async function askForTemplate(): Promise<TemplateName> {
  const options = Object.entries(templates).map(([value, hint]) => ({
    value: value as TemplateName,
    label: value,
    hint,
  }));
  const name = await select({ message: "What do you want to start from?", options });
  return isCancel(name) ? giveUp() : name;
}

function giveUp(): never {
  cancel("Nothing was made.");
  throw new CommandError("cancelled", "cancelled");
}
