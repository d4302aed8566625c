/** `flow replay <run> <step>`. */
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  EXIT,
  type ExitCode,
  type JobGraph,
  type JobParam,
  type Manifest,
  MillraceError,
  STATE_PATHS,
  type StepOptions,
  type TaskEntry,
} from "@millrace/core";
import type { Engine, Run } from "@millrace/runtime";
import type { RunSurroundings } from "../homes/job-surroundings.js";
import { say } from "../output/streams.js";
import { writeOutput } from "../output/write-output.js";
import { ensureBuild } from "../project/ensure-build.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import { type RecordedCall, recordedCall } from "../replay/recorded-call.js";
import { testSource } from "../replay/test-source.js";
import { waitForDebugger } from "../replay/wait-for-debugger.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Options of `flow replay`. */
export interface ReplayOptions extends CommonOptions {
  /** Where to listen for a debugger; true: any free port. */
  readonly inspect?: number | true;
  /** The file to write; true: one named after the step. */
  readonly saveTest?: string | true;
}

/** Runs one step of a run again, with what it was given then and the code of now, and leaves no record; or writes it down as a test. */
export async function replay(id: string, step: string, options: ReplayOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const call = await withStore(place, async (store) =>
    recordedCall(store, runOrNewest(await store.list(), id).id, step),
  );
  if (!call) throw noSuchRun(id, []);
  const manifest = await ensureBuild(place);
  const task = taskOf(call, manifest);
  if (options.saveTest !== undefined) return saveTest(call, task, place, options.saveTest);
  const { inspect } = options;
  const begin = async (engine: Engine): Promise<Run> => {
    if (inspect === undefined) return engine.start(graphOf(call, {}));
    const module = join(place.stateDir, STATE_PATHS.build(manifest.build), task.module);
    const { source } = task;
    await waitForDebugger({ port: inspect === true ? 0 : inspect, module: pathToFileURL(module).href, source });
    // Whoever looks at it takes the time that it takes.
    return engine.start(graphOf(call, { timeout: "7d", totalTimeout: "7d" }));
  };
  const { memoryStore } = await import("@millrace/runtime");
  const forgotten = async (): Promise<RunSurroundings> => ({ observers: [], store: memoryStore(), isForgotten: true });
  const { driveRun } = await import("./drive-run.js");
  return driveRun(place, { ...options, inline: inspect !== undefined }, begin, forgotten);
}

/** @throws MillraceError `usage` if the build has no such task. */
function taskOf({ task, label }: RecordedCall, { tasks }: Manifest): TaskEntry {
  const entry = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
  if (entry) return entry;
  throw new MillraceError("usage", `${label} called ${task}, and the build has no such task.`, {
    hint: "A replay runs the code of now. If the task was renamed, give it its old id.",
    data: { task },
  });
}

/** One attempt of it. */
function graphOf({ task, params }: RecordedCall, more: StepOptions): JobGraph {
  const given: Record<string, JobParam> = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, { value }]),
  );
  const options: StepOptions = { retry: { attempts: 1 }, ...more };
  return { version: 1, name: "replay", nodes: [{ id: task, run: { task }, params: given, options }], edges: [] };
}

async function saveTest(
  call: RecordedCall,
  task: TaskEntry,
  { root }: CommandPlace,
  to: string | true,
): Promise<ExitCode> {
  const file =
    to === true ? join(root, "test", `${call.label.replaceAll(/[^\w.-]+/g, "-")}.replay.test.ts`) : resolve(to);
  const shown = relative(process.cwd(), file);
  if (existsSync(file)) {
    throw new MillraceError("usage", `${shown} exists already.`, {
      hint: "Name another file: --save-test <file>.",
      data: { file: shown },
    });
  }
  const source = testSource(call, task, { file, module: join(root, task.source) });
  mkdirSync(dirname(file), { recursive: true });
  await writeOutput(file, source);
  say(`Wrote ${shown}.`);
  return EXIT.success;
}
