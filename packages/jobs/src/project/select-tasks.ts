/**
 * Selectors of tasks: names as in every selector (a name, a pattern with `*` and `?`, a regular expression between slashes), and
 *
 *   state:failed   tasks in a state      tag:nightly    with a tag      source:align   of a source
 *   +call          and all that it waits for      call+   and all that waits for it
 *
 * What a task has added stands behind it.
 */
import { MillraceError, readNamePattern, suggestName } from "@millrace/core";
import { type RecordedProject, type RecordedTask, runningEdges, TASK_STATES } from "./recorded-project.js";
import { unknownTask } from "./reset-tasks.js";
import { textsOf } from "./task.js";
import { TaskLineage } from "./task-lineage.js";

/**
 * The tasks that any of the selectors means, in the order of the project. A pattern, a state, a tag or a source may mean none.
 * @throws MillraceError `usage`; `unknown-task` for a name that no task has.
 */
export function selectTasks(project: RecordedProject, selectors: readonly string[]): readonly RecordedTask[] {
  const lineage = new TaskLineage(runningEdges(project));
  const chosen = new Set(selectors.flatMap((selector) => [...namesOf(selector, project, lineage)]));
  return project.tasks.filter(({ name }) => chosen.has(name));
}

function namesOf(selector: string, { tasks }: RecordedProject, lineage: TaskLineage): ReadonlySet<string> {
  // Neither names nor slashes can end with `+`.
  const [, up = "", pattern = "", down = ""] = /^(\+?)(.*?)(\+?)$/s.exec(selector) ?? [];
  const found = tasks.filter(readPattern(pattern)).map(({ name }) => name);
  if (found.length === 0 && !/[*?/:]/.test(pattern)) throw unknownSelected(pattern, tasks);
  return new Set([
    ...found,
    ...(up === "" ? [] : found.flatMap((name) => [...lineage.ancestors(name)])),
    ...(down === "" ? [] : found.flatMap((name) => [...lineage.descendants(name)])),
  ]);
}

function unknownSelected(name: string, tasks: readonly RecordedTask[]): MillraceError {
  if (!TASK_STATES.some((state) => state === name))
    return unknownTask(
      name,
      tasks.map((task) => task.name),
    );
  return new MillraceError("unknown-task", `The project has no task "${name}".`, {
    hint: `Tasks in that state are selected by "state:${name}".`,
    data: { task: name },
  });
}

function readPattern(text: string): (task: RecordedTask) => boolean {
  const [, field, rest = ""] = /^(state|tag|source):(.*)$/s.exec(text) ?? [];
  if (field === "state") checkState(rest);
  const matches = readNamePattern(field === undefined ? text : rest, "tasks");
  switch (field) {
    case "state":
      return ({ state }) => matches(state);
    case "tag":
      return ({ directives }) => textsOf(directives.tags).some(matches);
    case "source":
      return ({ source }) => matches(source);
    default:
      return ({ name }) => matches(name);
  }
}

function checkState(state: string): void {
  if (TASK_STATES.some((known) => known === state)) return;
  throw new MillraceError("usage", `"state:${state}" selects no tasks: there is no such state.`, {
    hint: suggestName(state, TASK_STATES, `States are ${TASK_STATES.join(", ")}.`),
    data: { selector: `state:${state}` },
  });
}
