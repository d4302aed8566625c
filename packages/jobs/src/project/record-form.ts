/**
 * The form of what a recorded project has beside states and directives: its version, outcomes, and names that are nearly one with a meaning, whose
 * values would be lost without a word. Other names are kept: a newer Millrace may know them.
 */
import { isObject, nearestName } from "@millrace/core";
import type { ProjectIssue } from "./project-issue.js";
import { issueAt } from "./read-tasks.js";
import type { Path, Source } from "./yaml-source.js";

/** What is wrong with a value; undefined if nothing. */
type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === "string" ? undefined : "must be a text");
const count: Check = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : "must be a whole number, 0 or more";
const code: Check = (value) => (Number.isSafeInteger(value) ? undefined : "must be a whole number");
const time: Check = (value) => (Number.isFinite(value) ? undefined : "must be a time in ms since 1970");
const list: Check = (value) => (Array.isArray(value) ? undefined : "must be a list");
const anything: Check = () => undefined;

/** Why a task is no more. */
const REASONS: readonly string[] = ["edited", "pruned", "removed"];

/** Names with their checks. */
interface Form {
  /** Each with its check, where none other reads it. */
  readonly fields: Readonly<Record<string, Check>>;
  /** Of these fields, those that have to be there. */
  readonly needed?: readonly string[];
}

const DOCUMENT: Form = {
  fields: { directed: anything, multigraph: anything, graph: anything, nodes: anything, links: anything },
};
const GRAPH: Form = {
  fields: {
    millrace_project: (value) =>
      typeof value !== "number" || (Number.isSafeInteger(value) && value >= 1)
        ? undefined
        : "must be the version of the document, 1 or more",
    history: anything,
    run: anything,
    pipelines: list,
  },
};
const PIPELINE: Form = {
  fields: { source: text, name: text, version: text },
  needed: ["source", "name", "version"],
};
const NODE: Form = { fields: { id: text, obj: anything } };
const TASK: Form = {
  fields: {
    name: anything,
    source: anything,
    addedBy: anything,
    state: anything,
    was: anything,
    identity: text,
    directives: anything,
    outcome: (value) => (isObject(value) ? undefined : "must be a mapping"),
    earlier: list,
    spent: count,
  },
};
const PAST_TASK: Form = {
  fields: {
    ...TASK.fields,
    reason: (value) => (REASONS.includes(String(value)) ? undefined : `must be one of ${REASONS.join(", ")}`),
  },
  needed: ["identity", "reason"],
};
const OUTCOME: Form = {
  fields: { code, error: text, attempts: count, tries: list, startedAt: time, endedAt: time },
  needed: ["attempts"],
};
const TRY: Form = { fields: { run: text, code, error: text, startedAt: time, endedAt: time }, needed: ["endedAt"] };

/** All that is wrong with the form of a document. What is no mapping or list where one is needed is told by whoever reads it. */
export function formIssues(source: Source): readonly ProjectIssue[] {
  const issues: ProjectIssue[] = [];
  const check = (given: unknown, path: Path, { fields, needed = [] }: Form): Readonly<Record<string, unknown>> => {
    if (!isObject(given)) return {};
    const report = (name: string, message: string): void => void issues.push(issueAt(source, [...path, name], message));
    for (const [name, value] of Object.entries(given)) {
      const near = Object.hasOwn(fields, name) ? undefined : nearestName(name, Object.keys(fields));
      const wrong = Object.hasOwn(fields, name) ? fields[name]?.(value) : near && `is no field of it. Is it "${near}"?`;
      if (wrong !== undefined) report(name, wrong);
    }
    for (const name of needed) if (!Object.hasOwn(given, name)) report(name, "is left out");
    return given;
  };
  const checkTask = (given: unknown, path: Path, form: Form): void => {
    const { outcome, earlier } = check(given, path, form);
    const { tries } = check(outcome, [...path, "outcome"], OUTCOME);
    for (const [i, one] of listOf(tries).entries()) check(one, [...path, "outcome", "tries", i], TRY);
    for (const [i, one] of listOf(earlier).entries()) check(one, [...path, "earlier", i], TRY);
  };
  const { graph, nodes } = check(source.value, [], DOCUMENT);
  const { history, pipelines } = check(graph, ["graph"], GRAPH);
  for (const [i, one] of listOf(pipelines).entries()) check(one, ["graph", "pipelines", i], PIPELINE);
  for (const [i, node] of listOf(nodes).entries())
    checkTask(check(node, ["nodes", i], NODE).obj, ["nodes", i, "obj"], TASK);
  for (const [i, past] of listOf(history).entries()) checkTask(past, ["graph", "history", i], PAST_TASK);
  return issues;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
