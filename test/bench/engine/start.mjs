// The way from the start of a process to its first committed result, over `node -e 0`: whole processes in turn, medians of the ratios of each round.
// Beside it what no engine on these parts can do without, and `flow run` from the command line. Run with `npm run bench:start [rounds]`.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { withBenchProject } from "./bench-project.mjs";

const ROUNDS = Number(process.argv[2] ?? 21);
const COMMAND = join(dirname(createRequire(import.meta.url).resolve("@millrace/cli/package.json")), "bin/flow.js");

await withBenchProject((folder) => {
  const once = (what) => [join(import.meta.dirname, "work-case.mjs"), folder, what, "1", "{}"];
  const flow = [COMMAND, "run", "FanOut", "--n", "1", "--json", "--cwd", folder];
  const cases = new Map([
    ["node -e 0", ["-e", "0"]],
    ["a bare thread and one commit", once("least")],
    ["first result", once("start")],
    ["first result, everything closed", once("whole")],
    ["flow run", flow],
  ]);
  const rounds = Array.from({ length: ROUNDS }, () => new Map([...cases].map(([name, args]) => [name, timed(args)])));
  console.log(`whole processes by the clock, medians of ${ROUNDS} rounds; least in brackets`);
  for (const name of cases.keys()) {
    const all = rounds.map((round) => round.get(name)).sort((a, b) => a - b);
    const ratios = rounds.map((round) => round.get(name) / round.get("node -e 0")).sort((a, b) => a - b);
    const [ratio, ms] = [ratios, all].map((sorted) => sorted[sorted.length >> 1]);
    console.log(`  ${name.padEnd(32)} ${ratio.toFixed(1)} ×  ${ms.toFixed(0)} ms (${all[0].toFixed(0)})`);
  }
});

function timed(args) {
  const begun = performance.now();
  execFileSync(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  return performance.now() - begun;
}
