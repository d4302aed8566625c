/** `flow break <run> [selector]`: sets, drops and lists the breakpoints of a run. */
import { EXIT, type ExitCode, openRunView, type RunId, type RunStore, type StepKey, stepLabel } from "@millrace/core";
import { print, printJson, say } from "../output/streams.js";
import { placeOfCommand } from "../project/place-of-command.js";
import { changeOf } from "./change-breakpoints.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Options of `flow break`. */
export interface BreakOptions extends CommonOptions {
  /** Take the breakpoint away; without a selector, all. */
  readonly drop?: boolean;
}

/** What `flow break --json` prints. */
interface BreakpointList {
  readonly runId: RunId;
  readonly selectors: readonly string[];
  readonly stepping: boolean;
  /** The longest held first; `selector` is empty where the run is gone through step by step. */
  readonly held: readonly { readonly key: StepKey; readonly label: string; readonly selector: string }[];
}

/** Sets a breakpoint, drops one or all, or lists what is set and what is held. */
export async function breakRun(id: string, selector: string | undefined, options: BreakOptions): Promise<ExitCode> {
  if (options.drop) return changeOf(id, { change: "drop", ...(selector === undefined ? {} : { selector }) }, options);
  if (selector !== undefined) return changeOf(id, { change: "set", selector }, options);
  const place = placeOfCommand(options.cwd);
  const list = await withStore(place, async (store) => listOf(store, runOrNewest(await store.list(), id).id));
  if (!list) throw noSuchRun(id, []);
  if (options.json) printJson(list);
  else if (list.selectors.length === 0 && list.held.length === 0) say(`Run ${id} has no breakpoints.`);
  else
    print(
      [
        ...list.selectors.map((one) => `breakpoint ${one}`),
        ...list.held.map(({ label }) => `held       ${label}`),
      ].join("\n"),
    );
  return EXIT.success;
}

async function listOf(store: RunStore, runId: RunId): Promise<BreakpointList> {
  const { run, open } = await openRunView(runId, () => store.read(runId));
  const held = open.flatMap((step) =>
    step.held === undefined ? [] : [{ key: step.key, label: stepLabel(step), selector: step.held }],
  );
  return { runId, selectors: [], stepping: false, ...run.breakpoints, held };
}
