/** A real nginx on loopback, with a folder of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram, freePort, isMissing, startProgram } from "./programs.ts";

const nginx = findProgram("nginx", ["/usr/sbin", "/usr/local/sbin"]);

/** True when the machine has no nginx; then the tests that need one are skipped, and it says so. */
export const lacksNginx = isMissing("nginx", nginx);

/** Starts nginx with this `http { … }` block, made for the port it listens on. */
export async function startNginx(
  http: (port: number) => string,
): Promise<{ readonly url: string; readonly port: number; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "quickstep-nginx-"));
  const port = await freePort();
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  for (const kind of kinds) mkdirSync(join(folder, kind));
  const paths = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join("\n");
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; master_process off; pid ${join(folder, "pid")}; error_log stderr notice;
     events { worker_connections 256; }
     http { access_log off; ${paths} ${http(port)} }`,
  );
  const args = ["-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf")];
  const running = await startProgram(nginx ?? "nginx", args, /start worker|using the "epoll"/);
  return {
    url: `http://localhost:${port}`,
    port,
    stop: async () => {
      await running.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
