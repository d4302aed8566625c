/**
 * The scenarios of the five ancestors, by number: 7.1.1 to 7.5.20. Each has a test that is titled by it, here in a file of its ancestor (`000-…` is
 * 7.1) as `12. …` or `12: …`, or anywhere as `7.1.12 …`. What the ancestors do wrong has its test, too, each named below.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const TESTS = join(import.meta.dirname, "..");

/** How many scenarios each ancestor has, in order. */
const COUNTS = [19, 19, 16, 20, 20];

const OF_ANCESTOR = /\(\s*["'`](\d+(?:[.,:] \d+)*)[.:] /g;
const ANYWHERE = /\(\s*["'`]7\.([1-5])\.(\d+)\b/g;

const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => ({ file: file.replaceAll("\\", "/"), text: readFileSync(join(TESTS, file), "utf8") }));

/** The scenarios that a file has titles for. */
function scenariosIn(file: string, text: string): readonly string[] {
  const full = [...text.matchAll(ANYWHERE)].map(([, section, number]) => `7.${section}.${number}`);
  const [, ancestor] = /^seeds\/00(\d)-/.exec(file) ?? [];
  if (ancestor === undefined) return full;
  const own = [...text.matchAll(OF_ANCESTOR)].flatMap(([, numbers = ""]) => numbers.split(/[.,:] /));
  return [...full, ...own.map((number) => `7.${Number(ancestor) + 1}.${number}`)];
}

test("each of the 94 scenarios has a test that is titled by its number, and no title names one that there is not", () => {
  const all = COUNTS.flatMap((count, i) => Array.from({ length: count }, (_, n) => `7.${i + 1}.${n + 1}`));
  expect(all).toHaveLength(94);
  const titled = new Set(files.flatMap(({ file, text }) => scenariosIn(file, text)));
  expect(all.filter((scenario) => !titled.has(scenario))).toEqual([]);
  expect([...titled].filter((scenario) => !all.includes(scenario))).toEqual([]);
});

/** What the ancestors do wrong → the file and the title of the test that Millrace does not. */
const DEFECTS: readonly (readonly [defect: string, file: string, title: string])[] = [
  // jetstream
  [
    "the task that always fails lingers and is run again",
    "seeds/000-projects.test.ts",
    "5. the task that always fails",
  ],
  ["one source prunes another one's tasks", "seeds/000-projects.test.ts", "never touch each other's tasks"],
  [
    "a completed task with a new upstream keeps its old edges",
    "seeds/000-projects.test.ts",
    "resets a completed task that waits for more than it did",
  ],
  [
    "a resume with a failed predecessor never ends",
    "seeds/000-project-commands.test.ts",
    "what waits for a failed task is skipped or blocked, and the command ends",
  ],
  [
    "tasks that reset each other recurse without an end",
    "seeds/000-projects.test.ts",
    "comes to an end where tasks reset each other",
  ],
  [
    "an input that nobody gives makes no edge, silently",
    "seeds/000-projects.test.ts",
    "10. what is wrong is found before anything runs",
  ],
  [
    "a selection by exact name crashes; a reset that is offered is unknown",
    "seeds/000-project-commands.test.ts",
    "each change touches the selected tasks, and says which",
  ],
  [
    "settings are layered otherwise than documented",
    "seeds/000-templates.test.ts",
    "of a command go before those of the project",
  ],
  ["the state is an opaque file", "seeds/000-projects.test.ts", "goes to %s and back without a loss"],
  [
    "the budget of retries is lost with the process",
    "seeds/000-project-commands.test.ts",
    "that are left survive the process",
  ],
  [
    "raising in a backend is a bug here and a failed task there",
    "seeds/000-spawners.test.ts",
    "fails the job for which it returns 3 or throws",
  ],
  ["no timeout of a command", "engine/job-graphs/shell.test.ts", "has its grace for cleaning up"],
  // asynciojobs
  [
    "an exception keeps its place in the window",
    "seeds/001-scheduler.test.ts",
    "a job that throws gives its place back",
  ],
  ["a second run is an error", "seeds/001-scheduler.test.ts", "14: run twice gives two runs"],
  ["an aborted job is shown as running", "seeds/001-scheduler.test.ts", "6: ends with a critical job that throws"],
  [
    "jobs that all run forever never end",
    "seeds/001-scheduler.test.ts",
    "5: is refused with jobs that all run forever",
  ],
  [
    "a job that runs forever aborts the run by throwing",
    "seeds/001-runs.test.ts",
    "is not failed by a job that runs forever and throws",
  ],
  [
    "a requirement on a stranger is called a cycle",
    "seeds/001-checks.test.ts",
    "says everything at once, before anything begins",
  ],
  [
    "a shared connection is closed by several at once, or never",
    "seeds/001-shared.test.ts",
    "is opened once for all jobs and closed once",
  ],
  ["what is captured and was not said is an empty text", "seeds/001-commands.test.ts", "what was not said fails it"],
  // then
  [
    "a task that no rule matches vanishes",
    "seeds/002-rules-engine.test.ts",
    "3: what becomes of a token that no rule matches",
  ],
  [
    "rules feed themselves for ever",
    "seeds/002-rules-engine.test.ts",
    "4: a rule that feeds itself for ever is stopped",
  ],
  [
    "calls, breakpoints and containers are only declared",
    "seeds/002-rules-engine.test.ts",
    "9: a called rule returns to each of its callers",
  ],
  [
    "two owners do one job",
    "seeds/002-rules-engine.test.ts",
    "14: what dies with its process is done by the next owner",
  ],
  // MissionControl
  [
    "a join begins after one of its precursors",
    "seeds/003-flow-specs.test.ts",
    "3: a join begins after all of its precursors",
  ],
  [
    "a flow whose last handler throws has completed",
    "seeds/003-flow-specs.test.ts",
    "in the last task: the flow is never COMPLETED",
  ],
  [
    "without fail_fast a flow with a failure never ends",
    "seeds/003-flow-specs.test.ts",
    "else what does not depend on it finishes",
  ],
  [
    "unknown precursors and twins are taken",
    "seeds/003-flow-specs.test.ts",
    "7: a key twice, unknown neighbours and cycles are refused",
  ],
  ["a path that leads nowhere is null", "seeds/003-wiring.test.ts", "a path that leads nowhere fails the task"],
  ["a switch on 0 is refused", "seeds/003-wiring.test.ts", "12: spread and switch"],
  [
    "limits are taken and ignored",
    "seeds/003-stored-flows.test.ts",
    "limits are kept; a flow that waits is given back",
  ],
  ["a flow inside cannot be ticked twice", "seeds/003-wiring.test.ts", "14: a flow inside a flow"],
  ["the claim of a dead runner never ends", "seeds/003-stored-flows.test.ts", "a claim of a runner that died ends"],
  // Flowmancer
  ["a task runs although its first hook failed", "seeds/004-tasks.test.ts", "where the first throws: nothing is run"],
  [
    "a failed hook of success is a success",
    "seeds/004-tasks.test.ts",
    "where that of success throws: the task has failed",
  ],
  [
    "an unknown dependency is found after the start, a cycle hangs",
    "seeds/004-yaml-jobs.test.ts",
    "12. %s is refused before anything starts",
  ],
  [
    "a restart with a changed definition is a bare error",
    "seeds/004-yaml-jobs.test.ts",
    "9. with another definition names what differs",
  ],
  ["lists of included files cannot be appended to", "seeds/004-yaml-jobs.test.ts", "11. includes"],
  [
    "an abort stops no task and is told to nobody",
    "seeds/004-observers.test.ts",
    "6. an interrupt is told as an abort",
  ],
  ["parts of a job are parsed and never used", "seeds/004-yaml-jobs.test.ts", "18. parts of a job"],
  ["backoff is constant, a task has no timeout", "seeds/004-yaml-jobs.test.ts", "10. limits and retries"],
];

test.each(DEFECTS)("%s: not here", (_, file, title) => {
  expect(files.find((one) => one.file === file)?.text).toContain(title);
});
