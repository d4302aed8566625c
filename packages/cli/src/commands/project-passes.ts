/**
 * Runs what a project has to do, pass by pass: each pass is a run of all that can run, and what its tasks add is for the next one. The project is
 * kept before and after each, so that a process that dies between two instants loses nothing and adds nothing twice.
 */
import { EXIT, type ExitCode, formatCount, type JobGraph, type RunId } from "@millrace/core";
import { type BlockedTask, projectGraph, type RecordedProject, sendOut } from "@millrace/jobs";
import { newRunId, openEngine, projectObservers } from "@millrace/runtime";
import { progressObserver } from "../output/progress-observer.js";
import { say } from "../output/streams.js";
import { AddedTasks } from "../project/added-tasks.js";
import { type HeldProject, takeOver } from "../project/hold-project.js";
import type { CommandPlace } from "../project/place-of-command.js";
import { taskVariables } from "../project/task-variables.js";
import { catchSignals } from "../signals.js";

/** What came of it. */
export interface ProjectPasses {
  readonly project: RecordedProject;
  /** What could not run at the end. */
  readonly blocked: readonly BlockedTask[];
  /** One for each pass; none if there was nothing to run. */
  readonly runs: readonly RunId[];
  /** Exit code of what has stopped it from outside, if anything has. */
  readonly interrupted?: ExitCode;
}

/** What the engine is told. */
export interface PassOptions {
  /** Folders to search for pipelines first. */
  readonly pipelines: readonly string[];
  readonly maxConcurrency?: number;
}

/** Runs passes until nothing is left that can run, or one is stopped from outside. */
export async function runPasses(place: CommandPlace, held: HeldProject, options: PassOptions): Promise<ProjectPasses> {
  const runs: RunId[] = [];
  for (let { project } = held; ; ) {
    const { graph, blocked } = projectGraph(project, { env: taskVariables(place, project, options.pipelines) });
    if (!graph) return { project, blocked, runs };
    if (runs.length === 0) await AddedTasks.clean(place);
    const run = newRunId(Date.now());
    runs.push(run);
    const names = new Set(graph.nodes.map(({ id }) => id));
    const sent = sendOut(project, names, run);
    // Before the run begins: whoever comes after a crash has to know of it.
    await held.save(sent);
    let interrupted: ExitCode | undefined;
    try {
      interrupted = await drive(place, { graph, run, held, sent }, options);
    } finally {
      // The way of a run that was killed, for every run: what is on record is what has happened.
      project = await takeOver(held.store, sent);
      await held.save(project);
    }
    tellAdded(sent, project);
    // Cancelled from outside, it has left some behind, and is not begun again by itself.
    const isLeft = project.tasks.some(({ name, state }) => names.has(name) && state === "pending");
    if (interrupted !== undefined || isLeft)
      return { project, blocked, runs, ...(interrupted === undefined ? {} : { interrupted }) };
  }
}

interface Driven {
  readonly graph: JobGraph;
  readonly run: RunId;
  readonly held: HeldProject;
  readonly sent: RecordedProject;
}

/** Runs the graph; gives the exit code of the signal that has stopped it, if one has. */
async function drive(
  place: CommandPlace,
  { graph, run: id, held, sent }: Driven,
  { maxConcurrency }: PassOptions,
): Promise<ExitCode | undefined> {
  const display = progressObserver();
  const added = new AddedTasks(place, sent);
  const engine = await openEngine({
    cwd: place.root,
    // Commands are all that its graph has.
    build: "none",
    store: held.store,
    observers: [...(await projectObservers(place.root)), display],
    commands: (own) => added.around(own),
    containers: (own) => added.around(own),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  });
  const signals = catchSignals((signal) => {
    display.say(`${signal}: stopping. Once more to stop at once; what is recorded is safe either way.`);
    void engine.close();
  });
  try {
    const outcome = await engine.start(graph, { id }).outcome();
    await engine.close();
    if (outcome.status !== "suspended") return undefined;
    if (outcome.error) throw outcome.error;
    return signals.caught?.exitCode ?? EXIT.failure;
  } finally {
    await engine.close();
    signals.release();
  }
}

function tellAdded(before: RecordedProject, after: RecordedProject): void {
  const known = new Set(before.tasks.map(({ name }) => name));
  const count = after.tasks.filter(({ name }) => !known.has(name)).length;
  if (count > 0) say(`${formatCount(count, "task")} added.`);
}
