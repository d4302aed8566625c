/**
 * The crash demo: SIGKILL in the middle of a run, resume, and a proof from two independent witnesses, the store
 * (`flow show`) and the tasks' own journal (src/tasks/journalled-task.ts), that nothing recorded ran twice.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { out, parameters } from "./census-run.mjs";
import { crashFaults } from "./crash-faults.mjs";
import { DemoFailure, flow, flowJson, startFlow } from "./flow-command.mjs";
import { readJournal } from "./journal.mjs";

/** Runs, kills, resumes, checks. @throws DemoFailure naming everything that is wrong. */
export async function crashAndResume() {
  mkdirSync(out, { recursive: true });
  await flow(["build"], { live: true });
  const id = `crash-${Date.now().toString(36)}-${randomBytes(3).toString("hex")}`;
  const journal = join(out, `${id}.jsonl`);
  const env = { CENSUS_JOURNAL: journal };

  console.log(`run ${id}: started`);
  await runUntilHalf(id, journal, env);
  const before = await stepsOf(id);
  const startsBefore = startsByStep(journal);
  console.log(`run ${id}: killed, ${before.size} steps recorded`);

  const resumed = await flowJson(["resume", id], { env, live: true });
  const after = await stepsOf(id);
  const starts = startsByStep(journal);
  const { total, restored, cached } = resumed.steps;
  const executed = total - restored - cached;
  const again = [...starts].filter(([step, times]) => times > 1 && startsBefore.has(step)).length;
  console.log(`
recorded at the kill  ${before.size} of ${total} steps (${Math.round((100 * before.size) / total)} %)
restored              ${restored}
executed              ${executed}, of which ${again} had been under way at the kill
journal               ${journal}`);

  const wrong = [...crashFaults({ resumed, before, after, starts, startsBefore })];
  if (wrong.length > 0) throw new DemoFailure(`The crash was not survived as promised:\n  ${wrong.join("\n  ")}`);
  console.log("proof                 every recorded step has one start in the journal, and its record is untouched");
}

/** Starts the run and kills its process with SIGKILL when about half of its steps are recorded. */
async function runUntilHalf(id, journal, env) {
  const { child, ended } = startFlow(["run", "CodeCensus", ...parameters, "--id", id, "--json"], { env });
  let over = false;
  const watched = ended.then((end) => {
    over = true;
    return end;
  });
  try {
    while (!over) {
      // The journal says how many steps there will be; the store, how many of them are recorded.
      const listed = readJournal(journal).find((entry) => entry.event === "listed");
      const recorded = listed ? (await stepsOf(id)).size : 0;
      if (listed && process.stderr.isTTY)
        process.stderr.write(`\r${recorded} steps recorded, ${listed.chunks} parts to measure `);
      if (listed && recorded * 2 >= listed.chunks) break;
      await Promise.race([watched, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
  } finally {
    child.kill("SIGKILL");
    if (process.stderr.isTTY) process.stderr.write("\n");
  }
  const { signal, code, stderr } = await watched;
  if (signal === "SIGKILL") return;
  process.stderr.write(stderr);
  throw new DemoFailure(`The run ended by itself (exit code ${code}) before half of it was recorded.`);
}

/** Steps with a recorded outcome, by key. */
async function stepsOf(id) {
  const { steps } = await flowJson(["show", id]);
  return new Map(steps.filter((step) => step.endedAt !== null).map((step) => [step.key, step]));
}

/** How often each step was begun, by the word of the tasks themselves. */
function startsByStep(journal) {
  const starts = new Map();
  for (const { event, step } of readJournal(journal)) {
    if (event === "start") starts.set(step, (starts.get(step) ?? 0) + 1);
  }
  return starts;
}
