// What the engine makes of real work, in one run: steps that compute on one thread and on two, some that compute among many that wait,
// memory, and rates of small and large fan-outs. Each case runs in a process of its own, the cases in turn;
// medians of 5. Run with `npm run bench:work`.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { withBenchProject } from "./bench-project.mjs";

const ROUNDS = 5;
const STEPS = 64;
/** What a step is to compute for, ms. */
const STEP_MS = 50;
const TRIALS = 4;
const MIX = { spins: 26, waits: 998, ms: 20 };
/** Fixed numbers of threads that the mix is tried with. */
const FIXED = [2, 4, 8, 16, 32, 64];

await withBenchProject((folder) => {
  const rounds = calibrated(folder);
  computing(folder, rounds);
  mixed(folder, rounds);
  holding(folder);
});

function computing(folder, rounds) {
  const params = { n: STEPS, rounds };
  const runs = inTurn([1, 2, "bare 1", "bare 2"], (name) =>
    typeof name === "number"
      ? once(folder, "spins", name, params)
      : once(folder, "bareSpins", Number(name.at(-1)), params),
  );
  const [one, two, bareOne, bareTwo] = [1, 2, "bare 1", "bare 2"].map((name) => median(runs.get(name), "ms"));
  const cost = median(
    runs.get(1).map(({ ms, ownMs }) => ({ each: (ms - ownMs) / STEPS })),
    "each",
  );
  const own = median(runs.get(1), "ownMs") / STEPS;
  console.log(`\n${STEPS} steps that compute for ${own.toFixed(0)} ms each`);
  console.log(`  one thread ${one.toFixed(0)} ms, two ${two.toFixed(0)} ms: ${(one / two).toFixed(2)} ×`);
  console.log(
    `  bare Piscina ${(bareOne / bareTwo).toFixed(2)} ×; the engine takes ${(two / bareTwo).toFixed(2)} × its time on two`,
  );
  console.log(
    `  beside the tasks' own time, one thread: ${cost.toFixed(2)} ms a step, ${((cost / own) * 100).toFixed(1)} %`,
  );
}

function mixed(folder, rounds) {
  const cases = ["io", "all io", ...FIXED];
  const runs = inTurn(cases, (name) => {
    const light = typeof name === "string";
    return once(folder, "mix", light ? 2 : name, { ...MIX, rounds, light, all: name === "all io" });
  });
  const wall = new Map(cases.map((name) => [name, median(runs.get(name), "ms")]));
  const [best] = FIXED.toSorted((a, b) => wall.get(a) - wall.get(b));
  console.log(
    `\n${MIX.spins} steps that compute for about ${STEP_MS} ms among ${MIX.waits} that wait for ${MIX.ms} ms`,
  );
  for (const threads of FIXED)
    console.log(`  ${String(threads).padStart(2)} threads, a step each: ${wall.get(threads).toFixed(0)} ms`);
  console.log(
    `  2 threads and \`io\`: ${wall.get("io").toFixed(0)} ms, ${(wall.get("io") / wall.get(best)).toFixed(2)} × the best of these`,
  );
  console.log(`  the same, with \`io\` for those that compute, too: ${wall.get("all io").toFixed(0)} ms`);
}

function holding(folder) {
  const sizes = [1_000, 10_000, 100_000];
  const runs = inTurn(sizes, (n) => once(folder, "memory", 2, { n }), 3);
  const of = (n, field) => median(runs.get(n), field);
  const bare = median(inTurn(["bare"], () => once(folder, "bare", 2, {}), 3).get("bare"), "warm");
  const [idle, warm] = ["idle", "warm"].map((field) => of(1_000, field));
  console.log(`\nmemory of the process: idle ${idle.toFixed(0)} MiB, two warm threads ${warm.toFixed(0)} MiB`);
  console.log(
    `  ${(warm / bare).toFixed(2)} × a bare script with the same libraries and two threads (${bare.toFixed(0)} MiB)`,
  );
  for (const n of sizes) {
    const rate = (n / of(n, "ms")) * 1_000;
    console.log(
      `  fan-out of ${n.toLocaleString("en")}: peak ${of(n, "peak").toFixed(0)} MiB, ${rate.toFixed(0)} steps/s`,
    );
  }
}

/** Rounds of a step that computes for `STEP_MS` on this machine: V8 runs long loops faster than short ones, so that one trial tells too little. */
function calibrated(folder) {
  let rounds = 1_000_000;
  for (let trial = 0; trial < TRIALS; trial++) {
    const { eachMs } = once(folder, "spins", 1, { n: 16, rounds });
    rounds = Math.round((rounds * STEP_MS) / eachMs);
  }
  return rounds;
}

/** `ROUNDS` runs of each case, in turn. */
function inTurn(cases, run, rounds = ROUNDS) {
  const runs = new Map(cases.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) for (const name of cases) runs.get(name).push(run(name));
  return runs;
}

function once(folder, what, threads, params) {
  const args = [join(import.meta.dirname, "work-case.mjs"), folder, what, String(threads), JSON.stringify(params)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

function median(runs, field) {
  return runs.map((run) => run[field]).sort((a, b) => a - b)[runs.length >> 1];
}
