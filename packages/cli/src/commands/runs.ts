/** `flow runs`. */
import { EXIT, type ExitCode, formatDuration, type RunListDocument, type RunSummary } from "@millrace/core";
import { localTime, stateText } from "../output/run-text.js";
import { colorsFor, print, printJson, say } from "../output/streams.js";
import { tableLines } from "../output/table.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";

/** Options of `flow runs`. */
export interface RunsOptions extends CommonOptions {
  readonly flow?: string;
}

/** Lists runs, newest first. */
export async function runs(options: RunsOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const { flow } = options;
  const list: RunListDocument =
    (await withStore(place, (store) => store.list(flow === undefined ? {} : { flow }))) ?? [];
  if (options.json) printJson(list);
  else if (list.length === 0) say("No runs yet. Start one with `flow run <flow>`.");
  else print(runsTable(list, Date.now()).join("\n"));
  return EXIT.success;
}

/** Lines of the table of runs. `now`: ms since 1970. */
export function runsTable(list: RunListDocument, now: number): readonly string[] {
  const colors = colorsFor(process.stdout);
  const rows = list.map((run) => [
    run.id,
    run.flow,
    stateText(run, colors),
    localTime(run.startedAt),
    formatDuration(lastSign(run, now) - run.startedAt),
    colors.dim(run.build.slice(0, 8)),
  ]);
  const titles = ["RUN", "FLOW", "STATE", "STARTED", "TIME", "BUILD"];
  return tableLines(
    titles.map((title) => ({ title: title, ...(title === "TIME" ? { align: "right" as const } : {}) })),
    rows,
  );
}

/** A run with a living owner lasts until now, any other until its newest fact. */
function lastSign(run: RunSummary, now: number): number {
  return run.state === "running" && run.owner ? now : run.updatedAt;
}
