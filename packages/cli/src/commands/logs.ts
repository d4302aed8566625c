/** `flow logs [run] [step]`. */
import {
  EXIT,
  type ExitCode,
  formatLogLine,
  type LogLine,
  MillraceError,
  stepLabel,
  suggestName,
} from "@millrace/core";
import { logFolderOf } from "../homes/log-folder.js";
import { framesOf } from "../output/error-trace.js";
import { readLogs } from "../output/read-logs.js";
import { colorsFor, printJsonItems, printPieces, say } from "../output/streams.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { runOrNewest } from "./run-or-newest.js";

/** Prints the log lines of a run, ordered by time; of one step if it is named by node, task, label or key. */
export async function logs(
  id: string | undefined,
  step: string | undefined,
  options: CommonOptions,
): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const run = runOrNewest((await withStore(place, (store) => store.list())) ?? [], id);
  const all = await readLogs(await logFolderOf(place, run.id), run.id);
  if (options.json) {
    await printJsonItems(linesOf(all, step));
    return EXIT.success;
  }
  if (isEmpty(linesOf(all, step))) {
    if (step !== undefined && !isEmpty(all)) throw noSuchStep(step, all);
    say(`Run ${run.id} has no logs: it said nothing, they are past their retention, or nobody has kept them.`);
  }
  await printLines(linesOf(all, step), run.flow, options.debug);
  return EXIT.success;
}

/** Prints lines for people. @param speaker Who has said what no step has. */
export function printLines(lines: Iterable<LogLine>, speaker: string, debug = false): Promise<void> {
  return printPieces(texts(lines, speaker, debug));
}

function* linesOf(all: Iterable<LogLine>, step: string | undefined): Iterable<LogLine> {
  for (const line of all) if (step === undefined || saidBy(line, step)) yield line;
}

function isEmpty(lines: Iterable<LogLine>): boolean {
  for (const _ of lines) return false;
  return true;
}

function* texts(lines: Iterable<LogLine>, speaker: string, debug: boolean): Iterable<string> {
  const paint = colorsFor(process.stdout);
  for (const line of lines) {
    const stack = framesOf(line, debug).join("\n");
    const text = formatLogLine({ ...line, stack }, { paint, speaker, stack: true });
    yield text.endsWith("\n") ? text : `${text}\n`;
  }
}

function saidBy(line: LogLine, step: string): boolean {
  if (line.key === undefined) return false;
  return line.node === step || line.task === step || line.key === step || labelOf(line) === step;
}

function labelOf({ key, node = "" }: LogLine): string {
  return key === undefined ? "" : stepLabel({ key, node });
}

function noSuchStep(step: string, all: Iterable<LogLine>): MillraceError {
  const spoken = [...all].filter((line) => line.key !== undefined);
  const labels = [...new Set(spoken.map(labelOf))];
  const names = new Set(
    spoken.flatMap(({ node, task, key }) => [node, task, key]).filter((name) => name !== undefined),
  );
  const known =
    labels.length === 0
      ? "No step said anything."
      : `These did: ${labels.slice(0, 8).join(", ")}${labels.length > 8 ? ", …" : ""}.`;
  return new MillraceError("usage", `No step "${step}" has left a line in this run's logs.`, {
    hint: suggestName(step, [...labels, ...names], `${known} A step is named by its node, task, label or key.`),
    data: { step },
  });
}
