/** `flow show [run]`. */
import {
  EXIT,
  type ExitCode,
  errorText,
  foldRun,
  formatCount,
  formatDuration,
  type RunView,
  stepLabel,
  totalsText,
} from "@millrace/core";
import { localTime, stateText, stepStateText } from "../output/run-text.js";
import { type Colors, colorsFor, print, printJson } from "../output/streams.js";
import { tableLines } from "../output/table.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Shows a run and its steps. */
export async function show(id: string | undefined, options: CommonOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const view = await withStore(place, async (store): Promise<RunView> => {
    const summary = runOrNewest(await store.list(), id);
    const { run, steps } = await foldRun(summary.id, store.read(summary.id));
    return { run: { ...run, ...(summary.owner ? { owner: summary.owner } : {}) }, steps };
  });
  if (!view) throw noSuchRun(id, []);
  if (options.json) printJson(view);
  else print(viewLines(view, colorsFor(process.stdout)).join("\n"));
  return EXIT.success;
}

const ROWS_SHOWN = 200;

/** Lines of a run for people: a header, then its steps; of very long runs those that need a look first. */
export function viewLines({ run, steps }: RunView, colors: Colors): readonly string[] {
  const fact = (name: string, value: string): string => `${colors.dim(name.padEnd(9))} ${value}`;
  const lines = [
    `${colors.bold(run.flow)} ${run.id}  ${stateText(run, colors)}`,
    fact("started", `${localTime(run.startedAt)}${run.resumes > 0 ? `, resumed ${times(run.resumes)}` : ""}`),
    fact(
      run.endedAt === undefined ? "latest" : "ended",
      `${localTime(run.updatedAt)}, after ${formatDuration(run.updatedAt - run.startedAt)}`,
    ),
    fact("build", run.build.slice(0, 16)),
    fact(
      "steps",
      totalsText(run.totals) + (run.orphans > 0 ? `; ${formatCount(run.orphans, "record")} not asked for` : ""),
    ),
    fact("params", shortJson(run.params)),
    ...(run.result === undefined ? [] : [fact("result", shortJson(run.result))]),
    ...(run.breakpoints ? [fact("break", run.breakpoints.selectors.join(", ") || "every step")] : []),
    ...(run.message === undefined ? [] : [fact("reason", run.message)]),
    ...(run.error ? [fact("error", colors.red(errorText(run.error)))] : []),
  ];
  if (steps.length === 0) return lines;
  const shown = steps.length <= ROWS_SHOWN ? steps : selectSteps(steps);
  const rows = shown.map((step) => [
    stepLabel(step),
    step.held === undefined ? stepStateText(step.state, colors) : colors.cyan(heldText(step.held)),
    step.source === null || step.source === "ran" ? "" : step.source,
    String(step.attempts),
    step.startedAt === null || step.endedAt === null ? "" : formatDuration(step.endedAt - step.startedAt),
    step.error ? oneLine(errorText(step.error)) : "",
  ]);
  const columns = [
    { title: "STEP" },
    { title: "STATE" },
    { title: "SOURCE" },
    { title: "TRIES", align: "right" as const },
    { title: "TIME", align: "right" as const },
    { title: "ERROR" },
  ];
  const left = steps.length - shown.length;
  const rest = left > 0 ? [colors.dim(`${formatCount(left)} more steps; --json has all`)] : [];
  return [...lines, "", ...tableLines(columns, rows), ...rest];
}

/** Those that did not succeed first, then the newest. */
function selectSteps(steps: RunView["steps"]): RunView["steps"] {
  const odd = steps.filter((s) => s.state !== "succeeded").slice(0, ROWS_SHOWN);
  const good = steps.filter((s) => s.state === "succeeded");
  const room = ROWS_SHOWN - odd.length;
  return [...odd, ...(room > 0 ? good.slice(-room) : [])];
}

function heldText(selector: string): string {
  return selector === "" ? "held (step by step)" : `held (${selector})`;
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function oneLine(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function times(n: number): string {
  return n === 1 ? "once" : `${n} times`;
}
