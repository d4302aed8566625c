/** `flow runs`. */
import { EXIT, type ExitCode, formatDuration, type RunListDocument, type RunSummary } from "@millrace/core";
import { localTime, stateText } from "../output/run-text.js";
import { colorsFor, print, printJson, say } from "../output/streams.js";
import { type Column, tableLines } from "../output/table.js";
import { currentManifest } from "../project/ensure-build.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { unknownFlow } from "./find-flow.js";
import { withStore } from "./open-store.js";

/** Options of `flow runs`. */
export interface RunsOptions extends CommonOptions {
  readonly flow?: string;
}

/** Lists runs, newest first. */
export async function runs(options: RunsOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const { flow } = options;
  const all = (await withStore(place, (store) => store.list())) ?? [];
  const list: RunListDocument = flow === undefined ? all : all.filter((run) => run.flow === flow);
  if (flow !== undefined && list.length === 0) await checkFlow(flow, all, place);
  if (options.json) printJson(list);
  else if (list.length === 0) say(`No runs yet. Start one with \`flow run ${flow ?? "<flow>"}\`.`);
  else print(runsTable(list, Date.now(), process.stdout.columns).join("\n"));
  return EXIT.success;
}

/** A flow without runs is none that nobody knows: neither the build nor the store. @throws MillraceError `unknown-flow`. */
async function checkFlow(flow: string, all: RunListDocument, place: CommandPlace): Promise<void> {
  const manifest = await currentManifest(place).catch(() => undefined);
  const known = new Set([...Object.keys(manifest?.flows ?? {}), ...all.map((run) => run.flow)]);
  if (!known.has(flow)) throw unknownFlow(flow, [...known]);
}

/** Lines of the table of runs. `now`: ms since 1970; `room`: columns of the terminal, undefined if there is none. */
export function runsTable(list: RunListDocument, now: number, room?: number): readonly string[] {
  const colors = colorsFor(process.stdout);
  const rows = list.map((run) => [
    run.id,
    run.flow,
    stateText(run, colors),
    localTime(run.startedAt),
    formatDuration(lastSign(run, now) - run.startedAt),
    colors.dim(run.build.slice(0, 8)),
  ]);
  const columns: readonly Column[] = [
    { title: "RUN" },
    { title: "FLOW" },
    { title: "STATE" },
    { title: "STARTED" },
    { title: "TIME", align: "right" },
    { title: "BUILD", optional: true },
  ];
  return tableLines(columns, rows, room);
}

/** A run with a living owner lasts until now, any other until its newest fact. */
function lastSign(run: RunSummary, now: number): number {
  return run.state === "running" && run.owner ? now : run.updatedAt;
}
