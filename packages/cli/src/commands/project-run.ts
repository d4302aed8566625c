/** `flow project run [file]`: merges a source into the project of the folder, runs what there is to run, and keeps what became of it. */
import { EXIT, type ExitCode, formatCount, type JobGraph, type RunId } from "@millrace/core";
import {
  type BlockedTask,
  buildTasks,
  issueText,
  mergeProject,
  notePipeline,
  projectGraph,
  type RecordedProject,
  retryTasks,
  sendOut,
  writeProject,
} from "@millrace/jobs";
import { newRunId, openEngine, projectObservers } from "@millrace/runtime";
import { progressObserver } from "../output/progress-observer.js";
import { type FailedTask, projectReport } from "../output/project-report.js";
import { readLogs } from "../output/read-logs.js";
import { colorsFor, print, printJson, say } from "../output/streams.js";
import { countsText, countTasks } from "../output/tasks-text.js";
import { type HeldProject, holdProject, takeOver } from "../project/hold-project.js";
import { pipelineVariables } from "../project/pipeline-variables.js";
import { type CommandPlace, placeOfCommand, placeOfNewProject } from "../project/place-of-command.js";
import { projectSource, type SourceOptions } from "../project/project-source.js";
import { catchSignals } from "../signals.js";
import type { HoldOptions } from "./change-tasks.js";

/** Options of `flow project run`. */
export interface ProjectRunOptions extends HoldOptions, SourceOptions {
  /** Print the rendered source, and stop. */
  readonly render?: boolean;
  /** Print the tasks and edges of the source, and stop. */
  readonly build?: boolean;
  /** Keep the merged project, and stop. */
  readonly merge?: boolean;
  /** Try failed and skipped tasks again. */
  readonly retry?: boolean;
  readonly maxConcurrency?: number;
}

/** Runs the project; without a file, what is on record. Exit code 1 unless all that is not orphaned is complete. */
export async function projectRun(file: string | undefined, options: ProjectRunOptions): Promise<ExitCode> {
  const place = isSourceNamed(file, options) ? placeOfNewProject(options.cwd) : placeOfCommand(options.cwd);
  const source = await projectSource(file, place, options);
  if (source && options.render) {
    print(source.text);
    return EXIT.success;
  }
  const built = source && buildTasks(source.text, { file: source.title });
  for (const issue of built?.warnings ?? []) say(`warning: ${issueText(issue)}`);
  if (built && options.build) {
    if (options.json) printJson(built);
    else for (const { name } of built.tasks) print(name + waitsText(built.edges, name));
    return EXIT.success;
  }
  return holdProject(place, options.wait, async (held) => {
    const merged =
      source && built
        ? notePipeline(mergeProject(held.project, built, source.name), source.name, source.pipeline)
        : held.project;
    const project = options.retry ? retryTasks(merged) : merged;
    await held.save(project);
    if (options.merge) {
      if (options.json) print(writeProject(project, "json"));
      else say(`Merged: ${countsText(project)}.`);
      return EXIT.success;
    }
    return runHeld(place, { ...held, project }, options);
  });
}

/** Only a command that brings tasks can begin a project. */
function isSourceNamed(file: string | undefined, { pipeline }: SourceOptions): boolean {
  return file !== undefined || pipeline !== undefined;
}

function waitsText(edges: readonly { readonly from: string; readonly to: string }[], name: string): string {
  const waits = edges.filter(({ to }) => to === name).map(({ from }) => from);
  return waits.length === 0 ? "" : `  waits for ${waits.join(", ")}`;
}

async function runHeld(place: CommandPlace, held: HeldProject, options: ProjectRunOptions): Promise<ExitCode> {
  const { graph, blocked } = projectGraph(held.project, {
    env: pipelineVariables(place, held.project, options.pipelines),
  });
  if (!graph) {
    if (!options.json) say("There is nothing to run.");
    return report(place, { project: held.project, blocked }, options);
  }
  const run = newRunId(Date.now());
  const names = graph.nodes.map(({ id }) => id);
  const sent = sendOut(held.project, names, run);
  // Before the run begins: whoever comes after a crash has to know of it.
  await held.save(sent);
  let interrupted: ExitCode | undefined;
  let project = sent;
  try {
    interrupted = await drive(place, { graph, run, held }, options);
  } finally {
    // The way of a run that was killed, for every run: what is on record is what has happened.
    project = await takeOver(held.store, sent);
    await held.save(project);
  }
  const ended = await report(place, { project, blocked, run }, options);
  return interrupted ?? ended;
}

interface Driven {
  readonly graph: JobGraph;
  readonly run: RunId;
  readonly held: HeldProject;
}

/** Runs the graph; gives the exit code of the signal that has stopped it, if one has. */
async function drive(
  place: CommandPlace,
  { graph, run: id, held }: Driven,
  { maxConcurrency }: ProjectRunOptions,
): Promise<ExitCode | undefined> {
  const display = progressObserver();
  const engine = await openEngine({
    cwd: place.root,
    // Commands are all that its graph has.
    build: "none",
    store: held.store,
    observers: [...(await projectObservers(place.root)), display],
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

interface Ended {
  readonly project: RecordedProject;
  readonly blocked: readonly BlockedTask[];
  /** Absent if nothing ran. */
  readonly run?: RunId;
}

async function report(
  place: CommandPlace,
  { project, blocked, run }: Ended,
  options: ProjectRunOptions,
): Promise<ExitCode> {
  const counts = countTasks(project);
  const done = project.tasks.every(({ state }) => state === "complete" || state === "orphaned");
  const failed = await failedTasks(place, project, run);
  if (options.json)
    printJson({ runId: run ?? null, status: done ? "complete" : "incomplete", tasks: counts, failed, blocked });
  else {
    say(projectReport({ failed, blocked, skipped: counts.skipped ?? 0 }, colorsFor(process.stderr)));
    say(`${formatCount(project.tasks.length, "task")}: ${countsText(project)}.`);
  }
  return done ? EXIT.success : EXIT.failure;
}

const TAIL_LINES = 3;

/** With the last lines of their logs, as far as the run has them. */
async function failedTasks(
  { stateDir }: CommandPlace,
  { tasks }: RecordedProject,
  run: RunId | undefined,
): Promise<readonly FailedTask[]> {
  const failed = tasks.filter(({ state }) => state === "failed");
  const tails = new Map<string, string[]>(failed.map(({ name }) => [name, []]));
  for (const { node, text, event } of run === undefined || failed.length === 0 ? [] : await readLogs(stateDir, run)) {
    // What the engine says of a task is in the report already.
    const tail = node === undefined || event !== undefined ? undefined : tails.get(node);
    tail?.push(...text.trimEnd().split("\n"));
    tail?.splice(0, tail.length - TAIL_LINES);
  }
  return failed.map(({ name, outcome }) => ({ name, ...outcome, log: tails.get(name) ?? [] }));
}
