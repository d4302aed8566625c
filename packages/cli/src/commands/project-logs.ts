/** `flow project logs <selector…>`: what tasks of a project have said, in all runs that have tried them. */
import { EXIT, type ExitCode, type LogLine, type RunId } from "@millrace/core";
import { type RecordedProject, type RecordedTask, selectTasks, triesOf, unknownTask } from "@millrace/jobs";
import { logFolderOf } from "../homes/log-folder.js";
import { readLogs } from "../output/read-logs.js";
import { printJsonItems, say } from "../output/streams.js";
import { lookAtProject } from "../project/look-at-project.js";
import { placeOfRecord } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { printLines } from "./logs.js";

/** Prints the log lines of the tasks that any of the selectors means, ordered by time. @throws MillraceError `unknown-task`, `usage`. */
export async function projectLogs(selectors: readonly string[], options: CommonOptions): Promise<ExitCode> {
  const place = placeOfRecord(options.cwd);
  const project = await lookAtProject(place);
  const chosen = selectTasks(project, selectors);
  if (chosen.length === 0)
    throw unknownTask(
      selectors.join(" "),
      project.tasks.map(({ name }) => name),
    );
  const lines: LogLine[] = [];
  for (const [run, names] of namesByRun(chosen, project)) {
    for (const line of await readLogs(await logFolderOf(place, run), run))
      if (line.node !== undefined && names.has(line.node)) lines.push(line);
  }
  lines.sort((a, b) => a.at - b.at);
  if (options.json) await printJsonItems(lines);
  else if (lines.length === 0) say("There are no logs: nothing was said, or it is past its retention.");
  else await printLines(lines, "project", options.debug);
  return EXIT.success;
}

/** The tasks that each run has tried. */
function namesByRun(
  tasks: readonly RecordedTask[],
  { run: now }: RecordedProject,
): ReadonlyMap<RunId, ReadonlySet<string>> {
  const names = new Map<RunId, Set<string>>();
  const note = (run: string, name: string): void => {
    const known = names.get(run as RunId);
    if (known) known.add(name);
    else names.set(run as RunId, new Set([name]));
  };
  for (const task of tasks) {
    for (const { run } of triesOf(task)) if (run !== undefined) note(run, task.name);
    if (task.state === "pending" && now !== undefined) note(now, task.name);
  }
  return names;
}
