/**
 * `npm run bench:peers [-- rounds]`: a fan-out of distinct no-op steps by this engine and by others, in one run: each case in a process of
 * its own, the cases in turn, medians. Rates are steps a second, since the slow ones get fewer steps. Servers are real and local; what is
 * not installed is skipped by name.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compile } from "@millrace/compiler";
import { startServices } from "./services.mjs";

const ROUNDS = Number(process.argv[2] ?? 3);
const here = import.meta.dirname ?? resolve("test/bench/peers");

/** Who, what of it lasts, how many steps. */
const CASES = [
  { name: "millrace", kept: "SQLite, synced", n: 10_000 },
  { name: "piscina", kept: "nothing", n: 10_000 },
  { name: "p-graph", kept: "nothing, no threads", n: 10_000 },
  { name: "bullmq", kept: "Redis, synced", n: 10_000, needs: "redis" },
  { name: "pg-boss", kept: "PostgreSQL", n: 10_000, needs: "postgres" },
  { name: "dbos", kept: "PostgreSQL", n: 2_000, needs: "postgres" },
];

const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const services = await startServices();
try {
  const project = join(here, "../engine/project");
  cpSync(project, folder, { recursive: true });
  symlinkSync(resolve(here, "../../../node_modules"), join(folder, "node_modules"));
  const { built, diagnostics } = await compile({ cwd: folder, mode: "build" });
  if (!built) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  const cases = CASES.filter(({ needs }) => !needs || services[needs]);
  const rates = new Map(cases.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) for (const each of cases) rates.get(each.name).push(rateOf(each));
  print(cases, rates);
} finally {
  await services.stop();
  rmSync(folder, { recursive: true, force: true });
}

function rateOf({ name, n }) {
  const args =
    name === "millrace"
      ? [join(here, "../engine/case.mjs"), folder, "engine", "fan-out", String(n)]
      : [
          join(here, "case.mjs"),
          name,
          String(n),
          JSON.stringify({ postgres: services.postgres, redis: services.redis }),
        ];
  const text = execFileSync(process.execPath, args, { encoding: "utf8", timeout: 300_000 });
  const { ms, distinct } = JSON.parse(text.trim().split("\n").at(-1));
  if (distinct !== n) throw new Error(`${name} gave ${distinct} results for ${n} steps.`);
  return (n / ms) * 1_000;
}

function print(cases, rates) {
  const median = (name) => rates.get(name).sort((a, b) => a - b)[ROUNDS >> 1];
  const ours = median("millrace");
  console.log(`\nfan-out of distinct no-op steps, medians of ${ROUNDS}`);
  for (const { name, kept, n } of cases) {
    const rate = median(name);
    console.log(
      `  ${name.padEnd(10)} ${n.toLocaleString("en").padStart(7)} steps  ${Math.round(rate).toLocaleString("en").padStart(9)} steps/s` +
        `  millrace is ${(ours / rate).toFixed(2).padStart(7)} × as fast   keeps: ${kept}`,
    );
  }
  for (const line of services.skipped) console.log(`  skipped: ${line}`);
}
