// From slices to figures, and from figures to a table and a picture.
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { servers } from "./servers.mjs";

/** Prints lines, and keeps them in out/NAME-VERSION.md for the page. */
export function say(name, version) {
  const folder = fileURLToPath(new URL("out/", import.meta.url));
  const file = `${folder}${name}-${version}.md`;
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  return (line) => {
    console.log(line);
    appendFileSync(file, `${line}\n`);
  };
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * q)];
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** One server's figures in one case. Slices in which other work ran on the cpu are left out, if enough others remain. */
export function summary({ name, note, after, pairs, solos }) {
  const quiet = pairs.filter(({ foreign }) => foreign <= 0.15);
  const kept = quiet.length >= pairs.length / 2 ? quiet : pairs;
  const ratios = kept.map(({ ratio }) => ratio);
  return {
    name,
    note: `${note}${after ?? ""}`,
    slices: kept.length,
    ratio: median(ratios),
    middleHalf: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    us: median(kept.map(({ us }) => us)),
    floorUs: median(kept.map(({ baseUs }) => baseUs)),
    perSecond: solos.length > 0 ? median(solos) : undefined,
  };
}

const two = (x) => (x >= 10 ? x.toFixed(1) : x.toFixed(2));

/** The tables of one run: CPU time per request and requests per second, as ratios to the floor. */
export function toMarkdown({ node, cpu, date, options, results, problems }) {
  const kases = Object.keys(results);
  const measured = new Set(kases.flatMap((kase) => results[kase].map(({ name }) => name)));
  const names = servers.map(({ name }) => name).filter((name) => measured.has(name));
  const cell = (name, kase, show) => {
    const found = results[kase].find((row) => row.name === name);
    return found === undefined ? "–" : show(found);
  };
  const table = (show) =>
    [
      `| server | ${kases.join(" | ")} |`,
      `|---|${kases.map(() => "---").join("|")}|`,
      ...names.map(
        (name) => `| ${name} | ${kases.map((kase) => cell(name, kase, show)).join(" | ")} |`,
      ),
    ].join("\n");
  const notes = kases.flatMap((kase) =>
    results[kase]
      .filter(({ note }) => note.trim() !== "")
      .map(({ name, note }) => `- ${kase}, ${name}: ${note.trim()}`),
  );
  return (
    [
      `### Node ${node.slice(1)}`,
      `CPU time per request, ratio to the floor: median and, in brackets, the middle half of up to ${options.rounds * options.sets} paired slices of ${options.seconds} s in ${options.sets === 1 ? "fresh processes" : `${options.sets} sets of fresh processes`}; ${options.connections} connections; ${cpu}; ${date}.`,
      table(({ ratio, middleHalf: [low, high] }) => `${two(ratio)} (${two(low)}–${two(high)})`),
      ...(options.solo > 0
        ? [
            "Requests per second, each alone, ratio to the floor (more is better; where the load generator is the limit, all look alike):",
            table(({ perSecond }) => (perSecond === undefined ? "–" : two(perSecond))),
          ]
        : []),
      ...(notes.length > 0
        ? [
            `<details><summary>What differs between the answers</summary>\n\n${notes.join("\n")}\n\n</details>`,
          ]
        : []),
      ...(problems.length > 0 ? ["Problems:", problems.map((p) => `- ${p}`).join("\n")] : []),
    ].join("\n\n") + "\n"
  );
}

const COLOURS = {
  quickstep: "#c2410c",
  fastify: "#64748b",
  hono: "#94a3b8",
  h3: "#a8a29e",
  polka: "#cbd5e1",
  koa: "#d6d3d1",
  express: "#e2e8f0",
};

/** Bars per case and server, on a logarithmic scale from half the floor to ten times it, as an SVG for light and dark pages. */
export function toSvg({ node, results }) {
  const kases = Object.keys(results);
  const names = Object.keys(COLOURS);
  const bar = 9;
  const group = names.length * bar + 18;
  const left = 110;
  const width = 720;
  const height = kases.length * group + 60;
  const x = (ratio) =>
    left +
    ((Math.log(Math.min(ratio, 20)) - Math.log(0.5)) / (Math.log(20) - Math.log(0.5))) *
      (width - left - 60);
  const rows = kases.flatMap((kase, i) => {
    const top = 40 + i * group;
    const bars = names.flatMap((name, j) => {
      const row = results[kase].find((one) => one.name === name);
      if (row === undefined) return [];
      const y = top + j * bar;
      return [
        `<rect x="${x(0.5).toFixed(1)}" y="${y}" width="${(x(row.ratio) - x(0.5)).toFixed(1)}" height="${bar - 1}" fill="${COLOURS[name]}"/>`,
        `<text x="${(x(row.ratio) + 4).toFixed(1)}" y="${y + 7}" class="small">${name} ${two(row.ratio)}</text>`,
      ];
    });
    return [
      `<text x="${left - 10}" y="${top + (names.length * bar) / 2 + 4}" text-anchor="end">${kase}</text>`,
      ...bars,
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="CPU time per request as a ratio to hand-written node:http">
<style>text{font:12px system-ui,sans-serif;fill:#334155}.small{font-size:8px}.axis{stroke:#94a3b8;stroke-dasharray:3 3}@media(prefers-color-scheme:dark){text{fill:#e2e8f0}}</style>
<text x="${left}" y="20">CPU time per request, ratio to hand-written node:http, Node ${node.slice(1)} (less is better)</text>
<line class="axis" x1="${x(1).toFixed(1)}" x2="${x(1).toFixed(1)}" y1="30" y2="${height - 10}"/>
${rows.join("\n")}
</svg>
`;
}
