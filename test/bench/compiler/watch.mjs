// What a rebuild costs while `flow dev` watches, and what it leaves in memory: one file changed, again and again, in one process.
// Prints duration and processor time, of the first rebuilds and the median of all, and the slope of the heap after collection. The
// heap is collected after every twentieth rebuild alone, and the one after it is not counted: a full collection throws away code that
// V8 has optimised. Run with `npm run bench:watch [-- rebuilds tasks]`; default 200 rebuilds of 100 tasks.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { watchProject } from "@millrace/compiler";
import { generateProject } from "./generate.mjs";

const [rebuilds, tasks] = [Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 100)];
const COLLECTED_EVERY = 20;
const here = import.meta.dirname ?? resolve("test/bench/compiler");
const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const stop = new AbortController();
try {
  generateProject(folder, { tasks, flows: tasks / 10 });
  symlinkSync(resolve(here, "../../../node_modules"), join(folder, "node_modules"));
  const edited = join(folder, "src/area-0/task-1.ts");
  const text = readFileSync(edited, "utf8");
  const [taken, heaps] = [[], []];
  let before = process.cpuUsage();
  for await (const event of watchProject({ cwd: folder, signal: stop.signal })) {
    if (event.type === "building") {
      before = process.cpuUsage();
      continue;
    }
    const { user, system } = process.cpuUsage(before);
    if (event.type !== "built" || !event.result.manifest) throw new Error(JSON.stringify(event));
    // Each state is one that the store of builds has seen before or after: what is measured is the rebuild, not the disk filling up.
    writeFileSync(edited, `${text}\nexport const touched = ${taken.length % 7};\n`);
    taken.push({ ms: event.durationMs, cpu: (user + system) / 1000 });
    if (taken.length % COLLECTED_EVERY === 0) {
      globalThis.gc();
      heaps.push(process.memoryUsage().heapUsed / 1024);
      report(taken, heaps);
    }
    if (taken.length > rebuilds) break;
  }
} finally {
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
}

function report([first, ...rest], heaps) {
  const counted = rest.filter((_, n) => (n + 1) % COLLECTED_EVERY !== 0);
  const median = (key) => counted.map((t) => t[key]).sort((a, b) => a - b)[counted.length >> 1];
  // What is compiled and cached once is no leak.
  const settled = heaps.slice(heaps.length >> 2);
  console.log(
    `${tasks} tasks, ${rest.length} rebuilds: first build ${first.ms.toFixed(0)} ms; one file changed ${median("ms").toFixed(0)} ms ` +
      `(processor ${median("cpu").toFixed(0)} ms), the first times ${rest
        .slice(0, 3)
        .map(({ ms }) => ms.toFixed(0))
        .join(", ")} ms; ` +
      `heap after collection ${(heaps.at(-1) / 1024).toFixed(1)} MiB, slope ${(slopeOf(settled) / COLLECTED_EVERY).toFixed(1)} KiB a rebuild`,
  );
}

/** Least squares over equal distances. */
function slopeOf(values) {
  const mean = (f) => values.reduce((sum, value, n) => sum + f(value, n), 0) / values.length;
  const [x, y] = [mean((_, n) => n), mean((value) => value)];
  const spread = mean((_, n) => (n - x) ** 2);
  return spread === 0 ? 0 : mean((value, n) => (n - x) * (value - y)) / spread;
}
