/** Changes the breakpoints of a run, wherever it runs, and says what comes of it: what `flow break` and `flow continue` share. */
import { EXIT, type ExitCode, systemClock } from "@millrace/core";
import type { BreakpointChange } from "@millrace/runtime";
import { printJson, say } from "../output/streams.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Comes back when the change is on record. Without an id, the newest run is meant. */
export async function changeOf(
  id: string | undefined,
  asked: Pick<BreakpointChange, "change" | "selector">,
  options: CommonOptions,
): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const { changeBreakpoints } = await import("@millrace/runtime");
  const changed = await withStore(place, async (store) => {
    const { id: run } = runOrNewest(await store.list(), id);
    return { run, by: await changeBreakpoints(store, { run, clock: systemClock, ...asked }) };
  });
  if (changed === undefined) throw noSuchRun(id, []);
  const { run, by } = changed;
  if (options.json) printJson({ runId: run, ...asked, delivered: by === "owner" });
  else if (by === "owner") say(`${textOf(asked)} in run ${run}.`);
  else say(`${textOf(asked)} in run ${run}; nobody runs it now. Go on with: flow resume ${run}`);
  return EXIT.success;
}

function textOf({ change, selector }: Pick<BreakpointChange, "change" | "selector">): string {
  switch (change) {
    case "set":
      return `Breakpoint "${selector}" is set`;
    case "drop":
      return selector === undefined ? "All breakpoints are dropped" : `Breakpoint "${selector}" is dropped`;
    case "continue":
      return "What was held goes on";
    case "step":
      return "One step goes on, and the next is held,";
  }
}
