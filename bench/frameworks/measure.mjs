// One slice of load: two servers at once on one cpu for CPU time per request, or one alone for requests per second.
import { keepAwake } from "./awake.mjs";
import { cpuBusy, cpuTime, kill, settle, spawnOwn } from "./process.mjs";

const awake = keepAwake();

/**
 * Loads one server with wrk. wrk takes whole seconds only; for shorter slices it gets a SIGINT, on which it stops at
 * its next 100 ms tick and reports the time it really ran. stdbuf makes its first line come at once: the clock starts there.
 */
export async function load(s, seconds, connections, cpu) {
  for (let attempt = 0; attempt < 4; attempt++) {
    const result = await loadOnce(s, seconds, connections, cpu);
    if (result) return result;
  }
  throw new Error(`wrk gave no result for ${s.server.name}`);
}

function loadOnce(s, seconds, connections, cpu) {
  const isPart = seconds % 1 !== 0;
  const url = `http://127.0.0.1:${s.port}${s.check.path}`;
  const args = [
    "-c",
    cpu,
    ...awake,
    "stdbuf",
    "-oL",
    "wrk",
    "-t1",
    `-c${connections}`,
    `-d${Math.ceil(seconds) + (isPart ? 5 : 0)}s`,
    "--timeout",
    "20s",
    ...s.check.wrk,
    url,
  ];
  return new Promise((resolve, reject) => {
    const child = spawnOwn("taskset", args, { stdio: ["ignore", "pipe", "ignore"] });
    let out = "";
    let stopTimer;
    const killTimer = setTimeout(() => kill(child, "SIGKILL"), (seconds + 30) * 1000);
    child.stdout.on("data", (d) => {
      out += d;
      if (isPart) stopTimer ??= setTimeout(() => kill(child, "SIGINT"), seconds * 1000);
    });
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(killTimer);
      clearTimeout(stopTimer);
      const m = /(\d+) requests in ([\d.]+)(ms|s|m)/.exec(out);
      if (!m) return resolve(undefined);
      const bad = s.check.errorsExpected
        ? /Socket errors: (.*)/
        : /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/;
      resolve({
        requests: Number(m[1]),
        seconds: Number(m[2]) * { ms: 0.001, s: 1, m: 60 }[m[3]],
        perSecond: Number(/Requests\/sec:\s*([\d.]+)/.exec(out)[1]),
        bad: bad.exec(out)?.[0],
      });
    });
  });
}

/**
 * The ratio of two servers' CPU times per request. Both are under load at the same time on the same cpu: the kernel
 * gives them alternate slices of a few ms, so whatever slows the machine slows both alike. wrk ends with one request
 * open on every connection; the server still answers it, so it counts as served.
 */
export async function pairSlice(base, s, options) {
  const connections = s.isSlow ? 4 : Math.max(1, options.connections >> 1);
  const seconds = s.isSlow ? Math.max(2, options.seconds) : options.seconds;
  const pair = [base, s];
  await settle(...pair);
  const before = pair.map(({ child }) => cpuTime(child.pid));
  const busyBefore = cpuBusy(options.serverCpu);
  const loads = await Promise.all(
    pair.map((one) => load(one, seconds, connections, options.clientCpu)),
  );
  await settle(...pair);
  const busyAfter = cpuBusy(options.serverCpu);
  const [m0, m1] = loads.map((result, i) => {
    const after = cpuTime(pair[i].child.pid);
    const cpu = after.us - before[i].us;
    pair[i].done += result.requests;
    return { cpu, us: cpu / (result.requests + connections), seconds: result.seconds };
  });
  return {
    ratio: m1.us / m0.us,
    us: m1.us,
    baseUs: m0.us,
    foreign: (busyAfter - busyBefore - m0.cpu - m1.cpu) / (m1.seconds * 1e6),
    bad: loads[0].bad ?? loads[1].bad,
  };
}

/** One server alone: requests per second. */
export async function soloSlice(s, options) {
  await settle(s);
  const result = await load(
    s,
    s.isSlow ? Math.max(1, options.seconds) : options.seconds,
    options.connections,
    options.clientCpu,
  );
  s.done += result.requests;
  return result;
}
