/** Drives one run in this process, from the engine's opening to the exit code: display, signals, result. */
import {
  EXIT,
  type ExitCode,
  errorSummary,
  errorText,
  jsonImage,
  type Observer,
  type RunDocument,
} from "@millrace/core";
import { type Engine, type EngineOptions, openEngine, type Run, type RunOutcome } from "@millrace/runtime";
import { projectSurroundings, type RunSurroundings } from "../homes/job-surroundings.js";
import { type Display, displayOf } from "../output/display.js";
import type { DisplayStyle } from "../output/display-style.js";
import { errorTrace } from "../output/error-trace.js";
import { colorsFor, print, printJson, say } from "../output/streams.js";
import type { CommandPlace } from "../project/place-of-command.js";
import { catchSignals } from "../signals.js";
import type { CommonOptions } from "./common-options.js";

/** How a run is driven. */
export interface EngineFlags {
  readonly maxConcurrency?: number;
  readonly threads?: number;
  readonly strict?: boolean;
  /** Tasks run on the main thread. */
  readonly inline?: boolean;
  /** What is shown of the run while it goes. */
  readonly display?: DisplayStyle;
}

/**
 * Opens an engine, begins a run, shows it, and prints its result on stdout. The first SIGINT or SIGTERM suspends the run,
 * the second ends the process at once.
 * @param surround Who watches beside the display, and where the run is kept. Default: as the project says.
 */
export async function driveRun(
  place: CommandPlace,
  options: CommonOptions & EngineFlags,
  begin: (engine: Engine) => Promise<Run>,
  surround: () => Promise<RunSurroundings> = () => projectSurroundings(place),
): Promise<ExitCode> {
  // Flow bodies run on this thread: their frames should name the author's files, as those of the threads do.
  process.setSourceMapsEnabled(true);
  const { observers, store, isForgotten = false } = await surround();
  const display = displayOf(options.display, observers);
  const given = engineOptions(place, options, [...observers, display]);
  const engine = await openEngine(store ? { ...given, store } : given).catch(async (error: unknown) => {
    await store?.close();
    throw error;
  });
  const signals = catchSignals((signal) => {
    display.say(`${signal}: stopping. Once more to stop at once; what is recorded is safe either way.`);
    void engine.close();
  });
  try {
    const run = await begin(engine);
    const outcome = await run.outcome();
    await engine.close();
    // Never begun (its id is taken, another process owns it) or lost on the way (the disk is full, the lease is gone).
    if (outcome.status === "suspended" && outcome.error) throw outcome.error;
    report(run, outcome, { ...options, display, isForgotten });
    // A run that ended before the signal could stop it has its own say.
    const interrupted = outcome.status === "suspended" ? signals.caught : undefined;
    return interrupted?.exitCode ?? exitCodeOfOutcome(outcome);
  } finally {
    await engine.close();
    await store?.close();
    signals.release();
  }
}

function engineOptions(place: CommandPlace, options: EngineFlags, observers: readonly Observer[]): EngineOptions {
  const { maxConcurrency, threads, strict, inline } = options;
  return {
    cwd: place.root,
    waits: "suspend",
    observers,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(threads === undefined ? {} : { threads }),
    ...(strict === undefined ? {} : { strict }),
    ...(inline ? { executor: "inline" } : {}),
  };
}

/** What a report depends on. */
interface Reported extends CommonOptions {
  readonly display: Display;
  readonly isForgotten: boolean;
}

function report(run: Run, outcome: RunOutcome, options: Reported): void {
  if (options.json) printJson(runDocument(run, outcome));
  else if (outcome.status === "succeeded") printResult(outcome.value);
  const again = `flow resume ${run.id}${options.cwd === undefined ? "" : ` --cwd ${options.cwd}`}`;
  const colors = colorsFor(process.stderr);
  if (outcome.status === "failed" || outcome.status === "aborted") {
    const error = errorSummary(outcome.error);
    // The display has said what failed; what follows is where, and what to do.
    if (!options.display.tells) say(`${colors.red(outcome.status)}: ${errorText(error)}`);
    const trace = errorTrace(error, { all: options.debug ?? false });
    if (trace.length > 0) say(colors.dim(trace.join("\n")));
    if (options.isForgotten) return;
    const { hint } = outcome.error as { readonly hint?: unknown };
    if (typeof hint === "string") say(`  ${colors.cyan("hint:")} ${hint}`);
    if (outcome.status === "failed") say(`What succeeded is kept. Once the cause is gone: ${colors.bold(again)}`);
  }
  if (outcome.status === "suspended" && !options.isForgotten) {
    if (run.breakpoints.held.length > 0) say(`Let what is held go on with: ${colors.bold(`flow continue ${run.id}`)}`);
    for (const name of outcome.awaits ?? [])
      say(`Answer with: ${colors.bold(`flow send ${run.id} ${name} --data JSON`)}`);
    const accept = outcome.reason === "diverged" ? " --accept" : "";
    say(`Go on with: ${colors.bold(again + accept)}`);
  }
}

/** Text as it is, nothing for undefined, everything else as JSON. */
function printResult(value: unknown): void {
  if (value === undefined) return;
  if (typeof value === "string") print(value);
  else printJson(jsonImage(value));
}

/** The document of `flow run --json` and `flow resume --json`. */
export function runDocument(run: Pick<Run, "id">, outcome: RunOutcome): RunDocument {
  const { status, totals, durationMs } = outcome;
  return {
    runId: run.id,
    status,
    ...(status === "suspended" ? { reason: outcome.reason } : {}),
    result: status === "succeeded" ? jsonImage(outcome.value) : null,
    steps: totals,
    durationMs: Math.round(durationMs),
    ...(status === "failed" || status === "aborted" ? { error: errorSummary(outcome.error) } : {}),
  };
}

function exitCodeOfOutcome(outcome: RunOutcome): ExitCode {
  if (outcome.status === "succeeded") return EXIT.success;
  return outcome.status === "suspended" && outcome.reason === "wait" ? EXIT.waiting : EXIT.failure;
}
