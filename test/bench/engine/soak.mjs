// Whether an engine that goes on and on holds on to anything: runs of 1,000 steps one after another in one process, the heap after a
// collection at intervals, and its slope. Usage: node --expose-gc test/bench/engine/soak.mjs [steps]; default 1,000,000.
import { join } from "node:path";
import { openEngine, openSqliteStore } from "@millrace/runtime";
import { withBenchProject } from "./bench-project.mjs";

const STEPS_A_RUN = 1_000;
const SAMPLES = 20;

if (!globalThis.gc) throw new Error("Run it with: node --expose-gc test/bench/engine/soak.mjs [steps]");
const steps = Number(process.argv[2] ?? 1_000_000);
const runs = Math.ceil(steps / STEPS_A_RUN);

await withBenchProject(async (cwd) => {
  const store = await openSqliteStore({ dir: join(cwd, ".flow") });
  const engine = await openEngine({ cwd, threads: 2, observers: [], store });
  const samples = [];
  const begun = performance.now();
  for (let n = 1; n <= runs; n++) {
    const distinct = await engine.start("FanOut", { n: STEPS_A_RUN }).result();
    if (distinct !== STEPS_A_RUN) throw new Error(`run ${n} gave ${distinct} results`);
    if (n % Math.ceil(runs / SAMPLES) === 0) samples.push(await sample(n * STEPS_A_RUN));
  }
  const seconds = (performance.now() - begun) / 1000;
  await engine.close();
  await store.close();
  // The first quarter fills caches and compiles code.
  const settled = samples.slice(samples.length >> 2);
  console.log(
    `${(runs * STEPS_A_RUN).toLocaleString("en")} steps in ${seconds.toFixed(0)} s: ` +
      `the heap grew by ${slope(settled).toFixed(2)} bytes a step after the first quarter`,
  );
});

/** The heap after collections, once what hangs on a turn of the loop is gone. */
async function sample(done) {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const mib = (bytes) => (bytes / 2 ** 20).toFixed(1).padStart(6);
  console.log(
    `${done.toLocaleString("en").padStart(10)} steps  heap ${mib(heapUsed)} MiB  external ${mib(external)} MiB  rss ${mib(rss)} MiB`,
  );
  return { done, heap: heapUsed };
}

/** Bytes a step, by least squares. */
function slope(samples) {
  const mean = (of) => samples.reduce((sum, one) => sum + of(one), 0) / samples.length;
  const [x, y] = [mean(({ done }) => done), mean(({ heap }) => heap)];
  const over = samples.reduce((sum, { done, heap }) => sum + (done - x) * (heap - y), 0);
  return over / samples.reduce((sum, { done }) => sum + (done - x) ** 2, 0);
}
