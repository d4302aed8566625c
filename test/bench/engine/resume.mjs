// How long a killed fan-out takes to go on: all of its steps are recorded, and the time counts from `engine.resume()` to the
// result. Beside it the rows alone, read from the store. Usage: node test/bench/engine/resume.mjs [steps …]; default 100,000.
import { join } from "node:path";
import { openEngine, openSqliteStore } from "@millrace/runtime";
import { withBenchProject } from "./bench-project.mjs";
import { writeRecord } from "./write-record.mjs";

const ROUNDS = 3;
const sizes = process.argv.slice(2).map(Number);

await withBenchProject(async (cwd, manifest) => {
  const store = await openSqliteStore({ dir: join(cwd, ".flow") });
  const engine = await openEngine({ cwd, threads: 1, observers: [], store });
  for (const n of sizes.length > 0 ? sizes : [100_000]) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const id = `run-${n}-${round}`;
      await writeRecord({ engine, store, manifest }, id, n);
      const [read, readCpu] = await timed(() => rowsOf(store, id));
      const [resume, resumeCpu] = await timed(() => resumed(engine, id, n));
      rounds.push({ read, readCpu, resume, resumeCpu });
    }
    const median = (field) => rounds.map((round) => round[field]).sort((a, b) => a - b)[ROUNDS >> 1];
    const ms = (wall, cpu) => `${median(wall).toFixed(0)} ms (processor ${median(cpu).toFixed(0)})`;
    console.log(
      `${n.toLocaleString("en")} recorded steps, medians of ${ROUNDS}: rows alone ${ms("read", "readCpu")}, ` +
        `resume to result ${ms("resume", "resumeCpu")}: ${(median("resumeCpu") / median("readCpu")).toFixed(1)} × the rows, ` +
        `${((median("resumeCpu") / n) * 1e3).toFixed(1)} µs a step; peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
    );
  }
  await engine.close();
  await store.close();
});

/** Wall and processor time, ms: on a shared machine the second is the one to trust. */
async function timed(action) {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  await action();
  const { user, system } = process.cpuUsage(cpu);
  return [performance.now() - begun, (user + system) / 1000];
}

async function rowsOf(store, id) {
  let rows = 0;
  for await (const _ of store.read(id)) rows++;
  return rows;
}

async function resumed(engine, id, n) {
  const run = await engine.resume(id);
  const { value, totals, status } = await run.outcome();
  if (value !== n || totals.restored !== n) throw new Error(`${id}: ${status}, ${JSON.stringify(totals)}`);
}
