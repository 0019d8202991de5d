/** What a command of the command line is, and how its arguments are read. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { QuickstepError } from "../errors.ts";

/** An option of a command, and what `--help` says about it. */
export interface CommandOption {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** What a value is called in the help, such as `NAME`. */
  readonly value?: string;
  readonly help: string;
}

/** What the user asked for. */
export interface CommandInput {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** A command, such as `quickstep new`. */
export interface Command {
  /** The line after `Usage:`. */
  readonly usage: string;
  /** What it does, and an example or two. */
  readonly description: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Most arguments that are not options. */
  readonly arguments: number;
  /** Does it, and gives the status that the process ends with, 0 if nothing. */
  run(input: CommandInput): Promise<number | undefined> | number | undefined;
}

/** A command cannot do what it was asked for; the message says why and what to do. */
export class CommandError extends QuickstepError {}

const HELP: CommandOption = { type: "boolean", short: "h", help: "show this help" };

/**
 * Runs a command with its arguments; `--help` shows its help instead.
 *
 * @throws CommandError `usage` when the arguments are not understood.
 */
export async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(command, args);
  if (values["help"] === true) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  return (await command.run({ values, positionals })) ?? 0;
}

function parse(command: Command, args: readonly string[]): CommandInput {
  try {
    const options: ParseArgsConfig["options"] = Object.fromEntries(
      Object.entries({ ...command.options, help: HELP }).map(([name, { type, short }]) => [
        name,
        { type, ...(short !== undefined && { short }) },
      ]),
    );
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true });
    if (parsed.positionals.length > command.arguments) {
      throw new Error(`unexpected argument "${String(parsed.positionals[command.arguments])}"`);
    }
    return parsed as CommandInput;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split(". ")[0] ?? "") : String(cause);
    throw new CommandError("usage", `${reason}\nUsage: ${command.usage}`, { cause });
  }
}

function helpOf({ usage, description, options }: Command): string {
  const rows = Object.entries({ ...options, help: HELP }).map(([name, option]) => {
    const short = option.short === undefined ? "    " : `-${option.short}, `;
    const value = option.type === "string" ? ` ${option.value ?? "VALUE"}` : "";
    return [`  ${short}--${name}${value}`, option.help] as const;
  });
  return `Usage: ${usage}\n\n${description.trim()}\n\nOptions:\n${columns(rows)}`;
}

/** Two columns, the first as wide as it has to be. */
export function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `${left.padEnd(width)}${right}\n`).join("");
}
