/** `flow show [run]`. */
import {
  EXIT,
  type ExitCode,
  errorText,
  formatCount,
  formatDuration,
  openRunView,
  type RunHeader,
  type StepView,
  stepLabel,
  totalsText,
} from "@millrace/core";
import { localTime, stateText, stepStateText } from "../output/run-text.js";
import { type Colors, colorsFor, print, printJsonList } from "../output/streams.js";
import { tableLines } from "../output/table.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Shows a run and its steps. */
export async function show(id: string | undefined, options: CommonOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const shown = await withStore(place, async (store): Promise<true> => {
    const { id: run, owner } = runOrNewest(await store.list(), id);
    const view = await openRunView(run, () => store.read(run));
    const header = { ...view.run, ...(owner ? { owner } : {}) };
    if (options.json) await printJsonList({ run: header }, "steps", view.steps());
    else print(viewLines(header, await selectSteps(view.steps()), colorsFor(process.stdout)).join("\n"));
    return true;
  });
  if (!shown) throw noSuchRun(id, []);
  return EXIT.success;
}

const ROWS_SHOWN = 200;

/** Steps that are shown, and how many are not. */
export interface SelectedSteps {
  readonly steps: readonly StepView[];
  readonly left: number;
}

/** Of very long runs those that need a look: what did not succeed first, then the newest of the others. */
export async function selectSteps(all: AsyncIterable<StepView>): Promise<SelectedSteps> {
  /** The first of those that did not succeed, and the newest that did. */
  const odd: StepView[] = [];
  const good: StepView[] = [];
  /** What stays if all of them fit. */
  const few: StepView[] = [];
  let total = 0;
  for await (const step of all) {
    total++;
    if (few.length <= ROWS_SHOWN) few.push(step);
    if (step.state !== "succeeded") {
      if (odd.length < ROWS_SHOWN) odd.push(step);
    } else {
      good.push(step);
      if (good.length > 2 * ROWS_SHOWN) good.splice(0, ROWS_SHOWN);
    }
  }
  if (total <= ROWS_SHOWN) return { steps: few, left: 0 };
  const room = ROWS_SHOWN - odd.length;
  const steps = [...odd, ...(room > 0 ? good.slice(-room) : [])];
  return { steps, left: total - steps.length };
}

/** Lines of a run for people: a header, then its steps. */
export function viewLines(run: RunHeader, { steps, left }: SelectedSteps, colors: Colors): readonly string[] {
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
  const rows = steps.map((step) => [
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
  const rest = left > 0 ? [colors.dim(`${formatCount(left)} more steps; --json has all`)] : [];
  return [...lines, "", ...tableLines(columns, rows), ...rest];
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
