/** `flow project history [task]`: the tasks that the project has no more, as they were. */
import { EXIT, type ExitCode, readNamePattern } from "@millrace/core";
import type { PastTask } from "@millrace/jobs";
import { localTime } from "../output/run-text.js";
import { print, printJson, say } from "../output/streams.js";
import { tableLines } from "../output/table.js";
import { taskDocument } from "../output/tasks-text.js";
import { placeOfRecord } from "../project/place-of-command.js";
import { loadProject } from "../project/project-record.js";
import type { CommonOptions } from "./common-options.js";

/** Lists them, newest first; those of a name or a pattern of names if one is given. @throws MillraceError `usage`. */
export async function projectHistory(pattern: string | undefined, options: CommonOptions): Promise<ExitCode> {
  const isMeant = pattern === undefined ? () => true : readNamePattern(pattern, "tasks");
  const { history } = loadProject(placeOfRecord(options.cwd));
  const past = history.filter(({ name }) => isMeant(name)).reverse();
  if (options.json) printJson({ history: past.map((task) => ({ ...taskDocument(task), reason: task.reason })) });
  else if (past.length === 0) say(pattern === undefined ? "The history is empty." : "The history has no such task.");
  else print(tableOf(past).join("\n"));
  return EXIT.success;
}

function tableOf(past: readonly PastTask[]): readonly string[] {
  const columns = [
    { title: "TASK" },
    { title: "GONE" },
    { title: "STATE" },
    { title: "SOURCE" },
    { title: "TRIES", align: "right" },
    { title: "ENDED" },
    { title: "COMMAND", optional: true },
  ] as const;
  const rows = past.map(({ name, reason, state, was, source, outcome, directives: { cmd = "" } }) => [
    name,
    reason,
    was ?? state,
    source,
    outcome ? String(outcome.attempts) : "",
    outcome?.endedAt === undefined ? "" : localTime(outcome.endedAt),
    cmd.trim().split("\n", 1)[0] ?? "",
  ]);
  return tableLines(columns, rows, process.stdout.columns);
}
