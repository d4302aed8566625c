// Uses the engine as an application does, with threads and SQLite, and prints an EngineReport (built-project.ts).
// It never calls process.exit: whatever the engine leaves behind keeps it alive.
import { setImmediate as turn } from "node:timers/promises";
import { openEngine, threadExecutor } from "millrace/engine";

const { start, resume, params, id, heapMb } = JSON.parse(process.argv[2]);
// Node opens these when they are first asked for, by whoever starts a thread at the latest.
void [process.stdout, process.stderr];
const report = { resources: { before: await resources() } };
// An executor that is handed over is closed by who made it.
const limited = heapMb && threadExecutor({ threads: 2, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
try {
  const engine = await openEngine({ threads: 2, observers: [], ...(limited ? { executor: limited } : {}) });
  try {
    const run = start
      ? engine.start(start, new Function(`return (${params ?? "{}"})`)(), id ? { id } : {})
      : await engine.resume(resume);
    const { status, value, error } = await run.outcome();
    report.outcome = { status, value, code: error?.code, message: error?.message };
  } finally {
    await engine.close();
    await limited?.close();
  }
} catch ({ code, message, hint, data }) {
  report.error = { code, message, hint, data };
}
report.resources.after = await resources();
report.workers = process.report.getReport().workers.length;
console.log(JSON.stringify(report));

/** What keeps the process alive, once what was just closed has left the event loop. */
async function resources() {
  for (let i = 0; i < 3; i++) await turn();
  return process
    .getActiveResourcesInfo()
    .filter((name) => name !== "Immediate")
    .sort();
}
