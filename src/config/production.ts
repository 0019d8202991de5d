/** Refuses, where strangers can come in, settings that are safe on a developer's machine only. */
import { ConfigError } from "../errors.ts";
import type { Config } from "./config.ts";

interface Risk {
  readonly setting: "session_secure" | "show_errors" | "behind_proxy";
  isTaken(config: Config): boolean;
  /** Completes the sentence `"show_errors" …`. */
  readonly harm: string;
}

const risks: readonly Risk[] = [
  {
    setting: "session_secure",
    isTaken: ({ settings }) => settings.session !== null && settings.session_secure === false,
    harm: "sends the session over plain http, where anybody on the way can take it",
  },
  {
    setting: "show_errors",
    isTaken: ({ settings }) => settings.show_errors === true,
    harm: "shows stack traces and source to every visitor",
  },
  {
    setting: "behind_proxy",
    isTaken: ({ settings }) => settings.behind_proxy.some(isEverybody),
    harm: "believes every visitor who claims to be a proxy",
  },
];

/**
 * Makes sure that an app outside development and test takes no risk that `production_allows` does
 * not name. A key that is missing or weak is reported along; nothing allows one.
 *
 * @throws ConfigError `production-unsafe` with every risk, a line each.
 */
export async function refuseRisks(config: Config): Promise<void> {
  const { settings } = config;
  if (settings.environment === "development" || settings.environment === "test") return;
  const taken = risks.filter(
    (risk) => !settings.production_allows.includes(risk.setting) && risk.isTaken(config),
  );
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ setting, harm }) =>
      `${String(config.origin(setting))}: "${setting}" ${harm}; change it, or add ${setting} to production_allows`,
  );
  throw new ConfigError("production-unsafe", [...lines, ...(await keyFaults(config))].join("\n"));
}

/** No network of one's own is wider than 10.0.0.0/8 or fc00::/7. */
function isEverybody(proxy: string): boolean {
  const [address = "", range] = proxy.split("/");
  if (range === undefined) return false;
  const mask = range.startsWith("255.") ? 8 : 0;
  const bits = range.includes(".") ? mask : Number(range);
  return bits < (address.includes(":") ? 7 : 8);
}

/** The engine would report them as well, but only once everything else is mended. */
async function keyFaults({ settings }: Config): Promise<string[]> {
  if (settings.session !== "cookie") return [];
  const { createKeyring } = await import("../sealing/keyring.ts");
  try {
    const { environment } = settings;
    createKeyring(settings.session_cookie_key, { environment, warn: () => undefined });
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
