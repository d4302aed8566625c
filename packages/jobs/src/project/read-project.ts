/** Reads a recorded project: YAML or JSON, as write-project writes it or by other hands. */
import { isObject } from "@millrace/core";
import { checkDirective } from "./check-directives.js";
import { doubtfulDirectives } from "./doubtful-directives.js";
import { issueText, type ProjectIssue, throwIssues } from "./project-issue.js";
import { issueAt } from "./read-tasks.js";
import { formIssues } from "./record-form.js";
import {
  type PastTask,
  PROJECT_VERSION,
  type RecordedProject,
  type RecordedTask,
  type SourcePipeline,
  TASK_STATES,
} from "./recorded-project.js";
import { taskIdentity } from "./task-identity.js";
import { type Path, type Source, yamlSource } from "./yaml-source.js";

/** A project that was read. */
export interface ReadProject {
  readonly project: RecordedProject;
  /** What may be lost or meant otherwise; sentences. */
  readonly warnings: readonly string[];
}

/**
 * Reads the document of a project. Its links are not read: they follow from the tasks. Nor are identities trusted: a task that was edited in the document
 * has that of its directives.
 * @throws MillraceError `project-invalid` with file, line and column.
 */
export function readProject(text: string, file = "project"): ReadProject {
  const source = yamlSource(text, file);
  const issues: ProjectIssue[] = [...formIssues(source)];
  const report = (path: Path, message: string): void => void issues.push(issueAt(source, path, message));
  const { version, nodes, history, run, pipelines } = partsOf(source);
  if (version === undefined) report(["graph", "millrace_project"], "must be the version of the document, a number");
  if (!nodes) report(["nodes"], "must be a list of tasks: { id, obj }");
  if (!history) report(["graph", "history"], "must be a list");
  if (run !== undefined && typeof run !== "string") report(["graph", "run"], "must be the id of a run");
  throwIssues(issues);
  const tasks = (nodes ?? []).map((node, i) => readNode(node, ["nodes", i], report));
  const past = (history ?? []).map((one, i) => {
    checkTask(one, ["graph", "history", i], report);
    return one as unknown as PastTask;
  });
  const seen = new Set<unknown>();
  for (const [i, { id }] of (nodes ?? []).entries()) {
    if (seen.has(id)) report(["nodes", i, "id"], `is "${String(id)}", as is that of another node: names are unique`);
    seen.add(id);
  }
  throwIssues(issues);
  return {
    project: {
      tasks,
      history: past,
      ...(typeof run === "string" ? { run } : {}),
      // Their form was checked.
      ...(pipelines && pipelines.length > 0 ? { pipelines: pipelines as unknown as readonly SourcePipeline[] } : {}),
    },
    warnings: [
      ...warningsOf(version ?? PROJECT_VERSION, file),
      ...doubtfulDirectives(
        tasks.map(({ directives }, i) => ({ directives, path: ["nodes", i, "obj", "directives"] })),
        source,
      ).map(issueText),
    ],
  };
}

function warningsOf(version: number, file: string): readonly string[] {
  return version > PROJECT_VERSION
    ? [
        `${file} is of version ${version}, written by a newer Millrace; this one writes version ${PROJECT_VERSION} and may lose what it does not know.`,
      ]
    : [];
}

function partsOf({ value }: Source): {
  readonly version: number | undefined;
  readonly nodes: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly history: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly run: unknown;
  readonly pipelines: readonly Readonly<Record<string, unknown>>[] | undefined;
} {
  const { graph, nodes } = isObject(value) ? value : {};
  const { millrace_project: version, history = [], run, pipelines = [] } = isObject(graph) ? graph : {};
  return {
    version: typeof version === "number" ? version : undefined,
    nodes: mappingsOf(nodes),
    history: mappingsOf(history),
    run,
    pipelines: mappingsOf(pipelines),
  };
}

function readNode(
  { id, obj }: Readonly<Record<string, unknown>>,
  path: Path,
  report: (path: Path, message: string) => void,
): RecordedTask {
  const task = { name: id, ...(isObject(obj) ? obj : {}) };
  checkTask(task, [...path, "obj"], report);
  // Checked above; a document with issues is thrown away.
  const recorded = task as unknown as RecordedTask;
  return isObject(recorded.directives) ? { ...recorded, identity: taskIdentity(recorded.directives) } : recorded;
}

function checkTask(
  task: Readonly<Record<string, unknown>>,
  path: Path,
  report: (path: Path, message: string) => void,
): void {
  const { name, source, addedBy, state, was, directives } = task;
  if (typeof name !== "string") report(path, "has no name");
  if (typeof source !== "string") report([...path, "source"], "must be the name of what it was built from");
  if (addedBy !== undefined && typeof addedBy !== "string")
    report([...path, "addedBy"], "must be the name of the task that has added it");
  if (!isState(state)) report([...path, "state"], `must be one of ${TASK_STATES.join(", ")}`);
  if ((state === "orphaned") !== (isState(was) && was !== "orphaned"))
    report([...path, "was"], "must be the state before, and of orphaned tasks alone");
  if (!isObject(directives)) return report([...path, "directives"], "must be a mapping");
  for (const [key, value] of Object.entries(directives)) {
    const wrong = checkDirective(key, value);
    if (wrong !== undefined) report([...path, "directives", key], wrong);
  }
}

function isState(state: unknown): boolean {
  return TASK_STATES.some((known) => known === state);
}

function mappingsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
}
