/**
 * Takes every guard out in turn and prints which tests saw it. `npm run guards -- SEC-304 src/csrf.ts`
 * does it for these requirements and files only. Ends with 1 when no test saw one of them.
 */
import { readProofs } from "../security/table.ts";
import { isShownBy, numbered, type Shown } from "./coverage.ts";
import { guards } from "./list.ts";
import { Trial, type Verdict } from "./trial.ts";

const wanted = process.argv.slice(2);
const proofs = readProofs();
const chosen = guards.filter(
  ({ proves, file }) =>
    wanted.length === 0 || [...proves, file].some((name) => wanted.includes(name)),
);

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const trial = new Trial(proofs);
const verdicts: Verdict[] = [];
try {
  for (const guard of chosen) {
    const verdict = trial.judge(guard);
    verdicts.push(verdict);
    say(describe(verdict));
  }
} finally {
  trial.remove();
}

const survived = verdicts.filter(({ unseen, trouble }) => unseen.length > 0 || trouble);
say(
  `\n${chosen.length} guards taken out, ${chosen.length - survived.length} seen by every requirement they meet`,
);
for (const { guard, unseen } of survived)
  say(`  not seen by ${unseen.join(" ")}: ${oneLine(guard.guard)}`);

const shown: Shown[] = verdicts.flatMap(({ ended }) => ended.filter(({ failed }) => failed));
const numbers = new Set(chosen.flatMap(({ proves }) => proves));
const tests = proofs.filter(
  ({ number }) => numbered(number) && (wanted.length === 0 || numbers.has(number)),
);
const never = tests.filter((proof) => !shown.some((one) => isShownBy(proof, one)));
say(`${tests.length} titles in the source, ${tests.length - never.length} seen to fail`);
for (const { file, title } of never) say(`  never: ${file}: ${title}`);
process.exitCode = survived.length > 0 || never.length > 0 ? 1 : 0;

function describe({ guard, ended, unseen, trouble }: Verdict): string {
  const failed = ended.filter((test) => test.failed);
  const lines = [
    `${unseen.length === 0 && !trouble ? "seen" : "NOT SEEN"}  ${guard.proves.join(" ")}  ${guard.file}`,
    `    without ${oneLine(guard.guard)}`,
    ...failed.map(({ file, title }) => `    ${file}: ${title}`),
  ];
  if (unseen.length > 0)
    lines.push(`    no test of ${unseen.join(" ")} failed, of ${ended.length} that ran`);
  if (trouble) lines.push(`    the tests could not run: ${oneLine(trouble)}`);
  return lines.join("\n");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
