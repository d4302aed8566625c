/** `flow plan [run|flow]`. */
import { EXIT, type ExitCode, MillraceError } from "@millrace/core";
import { planText } from "../output/plan-text.js";
import { colorsFor, print, printJson } from "../output/streams.js";
import { ensureBuild } from "../project/ensure-build.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { newestUnfinished } from "./newest-unfinished.js";
import { refuseProjectRun } from "./refuse-project-run.js";
import { readMapping } from "./resume.js";

/** Options of `flow plan`. */
export interface PlanOptions extends CommonOptions {
  readonly reopen?: boolean;
  /** `old=new`, each. */
  readonly map: readonly string[];
  readonly rerun: readonly string[];
}

/** Says what `flow resume` with the same options would restore and run. Runs no step and writes nothing but the build. */
export async function plan(name: string | undefined, options: PlanOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const named = name ?? (await newestUnfinished(place));
  if (named !== undefined) await refuseProjectRun(place, named);
  const { flows } = await ensureBuild(place);
  const run = await runOf(place, name, flows);
  const { openEngine } = await import("@millrace/runtime");
  const engine = await openEngine({ cwd: place.root, executor: "inline", observers: [] });
  try {
    const { reopen = false, rerun } = options;
    const document = await engine.plan(run, { reopen, rerun, map: Object.fromEntries(options.map.map(readMapping)) });
    if (options.json) printJson(document);
    else print(planText(document, colorsFor(process.stdout)));
    return document.stops === undefined ? EXIT.success : EXIT.failure;
  } finally {
    await engine.close();
  }
}

/** The run that a name means: its id, else the newest unfinished run of a flow, or of all. */
async function runOf(
  place: CommandPlace,
  name: string | undefined,
  flows: Readonly<Record<string, unknown>>,
): Promise<string> {
  const flow = name !== undefined && Object.hasOwn(flows, name) ? name : undefined;
  if (name !== undefined && flow === undefined) return name;
  const run = await newestUnfinished(place, flow);
  if (run !== undefined) return run;
  const what = flow === undefined ? "There is no run to plan" : `${flow} has no run to plan`;
  throw new MillraceError("unknown-run", `${what}: none is interrupted, waiting or failed.`, {
    hint: "A new run would run every step. `flow runs` lists all runs.",
  });
}
