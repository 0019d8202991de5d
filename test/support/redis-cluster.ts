/** Real Redis Clusters on loopback: three masters, with replicas or without. */
import { vi } from "vitest";
import { freePort } from "./programs.ts";
import { RedisServer, redisCli } from "./redis.ts";

const settings = [
  ["--cluster-enabled", "yes"],
  ["--cluster-node-timeout", "2000"],
  // Unless told so, a cluster that misses one master answers nobody.
  ["--cluster-require-full-coverage", "no"],
  ["--cluster-replica-validity-factor", "0"],
  ["--repl-diskless-sync-delay", "0"],
].flat();

/** Three masters and so many replicas of each; the masters come first. Ready when it answers. */
export async function startRedisCluster(replicas = 0): Promise<readonly RedisServer[]> {
  const ports = await clusterPorts(3 + 3 * replicas);
  const nodes = await Promise.all(ports.map((port) => RedisServer.start(settings, port)));
  const addresses = ports.map((port) => `127.0.0.1:${port}`);
  const wanted = ["--cluster-replicas", String(replicas), "--cluster-yes"];
  await redisCli("--cluster", "create", ...addresses, ...wanted);
  await vi.waitFor(() => Promise.all(nodes.map((node) => mustBeReady(node, nodes.length))), {
    timeout: 30_000,
    interval: 50,
  });
  return nodes;
}

async function mustBeReady(node: RedisServer, size: number): Promise<void> {
  const info = `${await node.ask("cluster", "info")}\n${await node.ask("info", "replication")}`;
  const signs = ["cluster_state:ok", `cluster_known_nodes:${size}`];
  if (info.includes("role:slave")) signs.push("master_link_status:up");
  else signs.push(`connected_slaves:${size / 3 - 1}`);
  const lacking = signs.filter((sign) => !info.includes(sign));
  if (lacking.length > 0) throw new Error(`a node at ${node.url} is without ${lacking.join()}`);
}

/** The replica of a master, once all has arrived there that the master had when this was called. */
export async function replicaInStep(
  master: RedisServer,
  nodes: readonly RedisServer[],
): Promise<RedisServer> {
  const offset = await valueOf(master, "master_repl_offset");
  return vi.waitFor(
    async () => {
      for (const node of nodes) {
        if ((await valueOf(node, "master_port")) !== master.port) continue;
        if ((await valueOf(node, "slave_repl_offset")) >= offset) return node;
      }
      throw new Error(`no replica of ${master.url} has come to ${offset}`);
    },
    { timeout: 10_000, interval: 20 },
  );
}

/** A number of `INFO replication`; without it, NaN. */
async function valueOf(node: RedisServer, name: string): Promise<number> {
  const info = await node.ask("info", "replication");
  return Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1]);
}

/** Free ports whose cluster buses, 10000 above them, get in nobody's way. */
async function clusterPorts(count: number): Promise<number[]> {
  const taken = new Set<number>();
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await freePort();
    const bus = port + 10_000;
    if (bus > 65_535 || taken.has(port) || taken.has(bus)) continue;
    for (const used of [port, bus]) taken.add(used);
    ports.push(port);
  }
  return ports;
}
