// What a build costs beside `tsc --noEmit` and bare ts-morph, as whole processes within one run: cold, one file changed,
// nothing changed, peak memory, and growth over five sizes. Medians. Run with `npm run bench:compiler [rounds]`. Processor time is
// printed beside wall time: on a machine that others use, its ratios are the ones that hold.
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { generateProject } from "./generate.mjs";

const ROUNDS = Number(process.argv[2] ?? 5);
const here = import.meta.dirname ?? resolve("test/bench/compiler");
const root = resolve(here, "../../..");
const flow = join(root, "packages/cli/dist/bin.js");
const tsc = (version) => join(here, `node_modules/typescript-${version}/bin/tsc`);
const projects = [
  {
    name: "100 tasks, 10 flows",
    make: (folder) => generateProject(folder, { tasks: 100, flows: 10 }),
    edit: "src/area-0/task-1.ts",
  },
  {
    name: "1,000 tasks, 100 flows",
    make: (folder) => generateProject(folder, { tasks: 1000, flows: 100 }),
    edit: "src/area-0/task-1.ts",
  },
];

for (const { name, make, edit } of projects) inProject(make, (folder) => measure(name, folder, edit));
growth([100, 200, 400, 700, 1000]);

function inProject(make, use) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  try {
    make(folder);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Processor time of a cold build and of `tsc` 6 by size, and the slope of the line through each. */
function growth(sizes) {
  console.log("\ngrowth, processor time of a cold build and of tsc 6");
  const points = sizes.map((tasks) =>
    inProject(
      (folder) => generateProject(folder, { tasks, flows: tasks / 10 }),
      (folder) => {
        const tsc6 = time([tsc(6), "--noEmit", "-p", folder]).cpuMs;
        const build = time([flow, "build", "--cwd", folder]).cpuMs;
        console.log(
          `  ${String(tasks).padStart(5)} tasks ${build.toFixed(0).padStart(7)} ms ${tsc6.toFixed(0).padStart(7)} ms ${(build / tsc6).toFixed(2).padStart(6)}`,
        );
        return { tasks, tsc6, build };
      },
    ),
  );
  for (const key of ["build", "tsc6"]) {
    const half = points.length >> 1;
    const [all, first, last] = [points, points.slice(0, half + 1), points.slice(half)].map((part) =>
      slopeOf(part, key),
    );
    console.log(
      `  ${key}: ${all.toFixed(1)} ms a task; over the smaller sizes ${first.toFixed(1)}, over the larger ${last.toFixed(1)}`,
    );
  }
}

/** Least squares. */
function slopeOf(points, key) {
  const mean = (f) => points.reduce((sum, p) => sum + f(p), 0) / points.length;
  const [x, y] = [mean((p) => p.tasks), mean((p) => p[key])];
  return mean((p) => (p.tasks - x) * (p[key] - y)) / mean((p) => (p.tasks - x) ** 2);
}

function measure(name, folder, edit) {
  const build = [flow, "build", "--cwd", folder];
  const cases = {
    "node -e 0": () => time(["-e", "0"]),
    "tsc 6": () => time([tsc(6), "--noEmit", "-p", folder]),
    "tsc 7": () => time([tsc(7), "--noEmit", "-p", folder]),
    "ts-morph, all symbols": () => time([join(here, "all-symbols.mjs"), folder]),
    "build, cold": () => {
      rmSync(join(folder, ".flow"), { recursive: true, force: true });
      return time(build);
    },
    "build, nothing changed": () => time(build),
    "build, one file changed": () => {
      appendFileSync(join(folder, edit), "\nexport const touched = 1;\n".replace("touched", `touched${++edits}`));
      return time(build);
    },
  };
  let edits = 0;
  const taken = Object.fromEntries(Object.keys(cases).map((key) => [key, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [key, run] of Object.entries(cases)) taken[key].push(run());
  }
  const median = (key, field) => taken[key].map((t) => t[field]).sort((a, b) => a - b)[ROUNDS >> 1];
  const [base, check, memory] = [median("node -e 0", "ms"), median("tsc 6", "ms"), median("tsc 6", "mib")];
  const processor = median("tsc 6", "cpuMs");
  console.log(`\n${name}, medians of ${ROUNDS}`);
  console.log(
    `  ${"".padEnd(24)} ${"ms".padStart(7)} ${"÷ tsc 6".padStart(8)} ${"÷ node".padStart(7)} ${"cpu ms".padStart(7)} ${"÷ tsc 6".padStart(8)} ${"MiB".padStart(6)} ${"÷ tsc 6".padStart(8)}`,
  );
  for (const key of Object.keys(cases)) {
    const ms = median(key, "ms");
    // The program named tsc is but the parent of the native compiler.
    const [mib, cpu] = key === "tsc 7" ? [Number.NaN, Number.NaN] : [median(key, "mib"), median(key, "cpuMs")];
    console.log(
      `  ${key.padEnd(24)} ${ms.toFixed(0).padStart(7)} ${(ms / check).toFixed(2).padStart(8)} ${(ms / base).toFixed(1).padStart(7)} ` +
        `${number(cpu, 0).padStart(7)} ${number(cpu / processor, 2).padStart(8)} ` +
        `${number(mib, 0).padStart(6)} ${number(mib / memory, 2).padStart(8)}`,
    );
  }
}

function number(n, digits) {
  return Number.isNaN(n) ? "–" : n.toFixed(digits);
}

/** A whole Node process: its duration, and what the process itself reports at exit: processor time and peak memory. */
function time(args) {
  const peak = join(tmpdir(), `millrace-bench-peak-${process.pid}`);
  const started = performance.now();
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--require", join(here, "peak.cjs"), ...args], {
    encoding: "utf8",
    env: { ...process.env, MILLRACE_BENCH_PEAK: peak },
  });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  const { kib, cpuMs } = JSON.parse(readFileSync(peak, "utf8"));
  return { ms, cpuMs, mib: kib / 1024 };
}
