/** `flow tasks [selector…]` and `flow prune`: lists the tasks of a project, and changes them by hand. */
import { EXIT, type ExitCode, MillraceError } from "@millrace/core";
import {
  pruneProject,
  type RecordedProject,
  type RecordedTask,
  removeTasks,
  resetTasks,
  retryTasks,
  selectTasks,
  settleTasks,
} from "@millrace/jobs";
import { colorsFor, print, printJson, say } from "../output/streams.js";
import { countsText, taskDocument, tasksTable } from "../output/tasks-text.js";
import { holdProject } from "../project/hold-project.js";
import { lookAtProject } from "../project/look-at-project.js";
import { placeOfRecord } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";

/** Options of the commands that change a project. */
export interface HoldOptions extends CommonOptions {
  /** A duration: how long another process that holds the project is waited for. */
  readonly wait: string;
}

/** What `flow tasks` can do, by the names of its options. */
export const TASK_CHANGES: Readonly<
  Record<string, (project: RecordedProject, names: readonly string[]) => RecordedProject>
> = {
  reset: resetTasks,
  retry: retryTasks,
  complete: (project, names) => settleTasks(project, names, "complete"),
  fail: (project, names) => settleTasks(project, names, "failed"),
  remove: removeTasks,
};

/** Options of `flow tasks`. */
export type TasksOptions = HoldOptions & { readonly [change: string]: unknown };

/** Lists the tasks that any of the selectors means, or changes them and says what has changed. */
export async function tasks(selectors: readonly string[], options: TasksOptions): Promise<ExitCode> {
  const place = placeOfRecord(options.cwd);
  const [change, second] = Object.keys(TASK_CHANGES).filter((name) => options[name] === true);
  if (change === undefined) {
    const project = await lookAtProject(place);
    refuseWords(project, selectors);
    listTasks(project, selectors.length === 0 ? project.tasks : selectTasks(project, selectors), options);
    return EXIT.success;
  }
  if (second !== undefined || selectors.length === 0) {
    const problem =
      second === undefined ? `--${change} names no tasks` : `--${change} and --${second} exclude each other`;
    throw new MillraceError("usage", `${problem}. Nothing was changed.`, {
      hint: `Write one of them, with selectors: \`flow tasks 'state:failed' --${change}\`; * means every task.`,
      data: { change },
    });
  }
  const apply = TASK_CHANGES[change] ?? ((project: RecordedProject) => project);
  return changeProject(options, (project) =>
    apply(
      project,
      selectTasks(project, selectors).map(({ name }) => name),
    ),
  );
}

/** A word behind a selector is a selector, too, and lists nothing: whoever means a change must not take the list for its answer. */
function refuseWords({ tasks: known }: RecordedProject, selectors: readonly string[]): void {
  const word = selectors.find((one) => Object.hasOwn(TASK_CHANGES, one) && !known.some(({ name }) => name === one));
  if (word === undefined) return;
  const others = selectors.filter((one) => one !== word).map((one) => `'${one}'`);
  throw new MillraceError("usage", `The project has no task "${word}". Nothing was changed.`, {
    hint: `Changes are options: \`flow tasks ${[...others, `--${word}`].join(" ")}\`.`,
    data: { selector: word },
  });
}

/** Moves what its source has no more to the history. */
export function prune({ source, ...options }: HoldOptions & { readonly source?: string }): Promise<ExitCode> {
  return changeProject(options, (project) => pruneProject(project, source));
}

async function changeProject(
  options: HoldOptions,
  change: (project: RecordedProject) => RecordedProject,
): Promise<ExitCode> {
  const changes = await holdProject(placeOfRecord(options.cwd), options.wait, async ({ project, save }) => {
    const changed = change(project);
    await save(changed);
    return differences(project, changed);
  });
  if (options.json) printJson({ changed: changes });
  else if (changes.length === 0) say("Nothing has changed.");
  else for (const { name, from, to } of changes) print(`${name}: ${from} → ${to ?? "gone (it is in the history)"}`);
  return EXIT.success;
}

interface TaskDifference {
  readonly name: string;
  readonly from: string;
  /** Null for a task that has gone. */
  readonly to: string | null;
}

function differences(before: RecordedProject, after: RecordedProject): readonly TaskDifference[] {
  const now = new Map(after.tasks.map((task) => [task.name, task]));
  return before.tasks.flatMap((task) => {
    const to = now.get(task.name)?.state ?? null;
    return to === task.state ? [] : [{ name: task.name, from: task.state, to }];
  });
}

function listTasks(project: RecordedProject, chosen: readonly RecordedTask[], { json }: CommonOptions): void {
  if (json) printJson({ tasks: chosen.map(taskDocument) });
  else if (project.tasks.length === 0) say("The project has no tasks. Bring some in with `flow project run <file>`.");
  else if (chosen.length === 0) say("No task is meant.");
  else {
    print(tasksTable(chosen, colorsFor(process.stdout), process.stdout.columns).join("\n"));
    say(countsText({ ...project, tasks: chosen }));
  }
}
