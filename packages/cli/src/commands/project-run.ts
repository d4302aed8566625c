/** `flow project run [file]`: merges a source into the project of the folder, runs what there is to run, and keeps what became of it. */
import { EXIT, type ExitCode, formatCount, type RunId } from "@millrace/core";
import {
  type BuiltTasks,
  buildTasks,
  issueText,
  mergeProject,
  notePipeline,
  type RecordedProject,
  retryTasks,
  triesOf,
  writeProject,
} from "@millrace/jobs";
import { logFolderOf } from "../homes/log-folder.js";
import { type FailedTask, projectReport } from "../output/project-report.js";
import { readLogs } from "../output/read-logs.js";
import { colorsFor, print, printJson, say } from "../output/streams.js";
import { countsText, countTasks } from "../output/tasks-text.js";
import { type HeldProject, holdProject } from "../project/hold-project.js";
import { type CommandPlace, placeOfNewProject, placeOfRecord } from "../project/place-of-command.js";
import { projectSource, type SourceOptions } from "../project/project-source.js";
import type { HoldOptions } from "./change-tasks.js";
import { type ProjectPasses, runPasses } from "./project-passes.js";

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
  const place = isSourceNamed(file, options) ? placeOfNewProject(options.cwd) : placeOfRecord(options.cwd);
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

function waitsText(edges: BuiltTasks["edges"], name: string): string {
  const waits = edges
    .filter(({ to }) => to === name)
    .map(({ from, adds }) => (adds ? `${from} and what it adds` : from));
  return waits.length === 0 ? "" : `  waits for ${waits.join(", ")}`;
}

async function runHeld(place: CommandPlace, held: HeldProject, options: ProjectRunOptions): Promise<ExitCode> {
  const passes = await runPasses(place, held, options);
  if (passes.runs.length === 0 && !options.json) say("There is nothing to run.");
  const ended = await report(place, passes, options);
  return passes.interrupted ?? ended;
}

async function report(
  place: CommandPlace,
  { project, blocked, runs }: ProjectPasses,
  options: ProjectRunOptions,
): Promise<ExitCode> {
  const counts = countTasks(project);
  const done = project.tasks.every(({ state }) => state === "complete" || state === "orphaned");
  const failed = await failedTasks(place, project);
  if (options.json)
    printJson({
      runId: runs.at(-1) ?? null,
      runIds: runs,
      status: done ? "complete" : "incomplete",
      tasks: counts,
      failed,
      blocked,
    });
  else {
    const { skipped = 0, pending = 0, orphaned = 0 } = counts;
    say(projectReport({ failed, blocked, skipped, pending, orphaned }, colorsFor(process.stderr)));
    say(`${formatCount(project.tasks.length, "task")}: ${countsText(project)}.`);
  }
  return done ? EXIT.success : EXIT.failure;
}

const TAIL_LINES = 3;

/** With the last lines that their last attempts wrote, as far as the runs have them. */
async function failedTasks(place: CommandPlace, { tasks }: RecordedProject): Promise<readonly FailedTask[]> {
  const failed = tasks.filter(({ state }) => state === "failed");
  const tails = new Map<string, string[]>(failed.map(({ name }) => [name, []]));
  const over = new Set<string>();
  for (const run of new Set(failed.flatMap((task) => triesOf(task).at(-1)?.run ?? [])))
    for (const { node = "", text, event } of await readLogs(await logFolderOf(place, run as RunId), run as RunId)) {
      const tail = tails.get(node);
      if (!tail) continue;
      // What the engine says of an attempt stands behind it, and is in the report already.
      if (event !== undefined) over.add(node);
      else {
        if (over.delete(node)) tail.length = 0;
        tail.push(...text.trimEnd().split("\n"));
        tail.splice(0, tail.length - TAIL_LINES);
      }
    }
  return failed.map(({ name, outcome }) => ({ name, ...outcome, log: tails.get(name) ?? [] }));
}
