/** One entry of `tasks`: what runs, what it is given, what it waits for, and its options. */
import type { JobNode, JobRun, Span } from "@millrace/core";
import { FieldReader, fieldsOf, flagOf, textOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import type { KnownTasks } from "./known-tasks.js";
import { OPTION_FIELDS, readOptions } from "./read-options.js";
import { readParams, type TakenResult } from "./read-params.js";
import { readRun, TASK_RUNS } from "./read-run.js";
import type { SourceMap } from "./source-map.js";
import type { Field, Tree } from "./tree.js";

/** Fields of a task. */
export const TASK_FIELDS: readonly string[] = [
  ...TASK_RUNS,
  "parameters",
  "dependencies",
  ...OPTION_FIELDS,
  "critical",
  "forever",
];

/** A name in `dependencies`. */
export interface Dependency {
  readonly task: string;
  readonly span: Span;
}

/** An entry. */
export interface ReadTask {
  readonly node: JobNode;
  readonly key: Span;
  readonly dependencies: readonly Dependency[];
  readonly taken: readonly TakenResult[];
}

/** What an entry is read into. */
export interface TaskTarget {
  /** Index of its node. */
  readonly index: number;
  readonly known: KnownTasks;
  readonly places: SourceMap;
  readonly report: ReportFinding;
}

/** Runs where an entry does not say what does, which has been reported: others may wait for it all the same. No task has such a name. */
const UNSAID: JobRun = { task: " " };

/** Reads an entry. */
export function readTask(id: string, entry: Field, target: TaskTarget): ReadTask {
  const { index, known, places, report } = target;
  const name = `tasks.${id}`;
  const path = `nodes[${index}]`;
  const { key } = entry;
  if (entry.value.kind !== "fields") {
    report({
      code: "job-invalid",
      span: entry.value.span,
      message: `"${name}" must say what it runs: { task: Name }.`,
    });
    places.set(path, { name, span: key, open: true });
    return { node: { id, run: UNSAID }, key, dependencies: [], taken: [] };
  }
  const fields = new FieldReader(entry.value, name, report);
  const wholly = fields.expect(TASK_FIELDS);
  places.set(path, { name, span: key });
  const run = readRun(fields, TASK_RUNS, { path: `${path}.run`, places, report });
  if (!run) for (const at of [`${path}.run`, `${path}.run.task`]) places.set(at, { name, span: key, open: true });
  // What it runs may stand in a field whose name is misspelt.
  if (wholly && !TASK_RUNS.some((kind) => fields.field(kind))) {
    const hint = "Write task: Name or flow: Name, as the classes or their ids are called, or shell: command.";
    report({ code: "job-invalid", span: key, message: `"${name}" does not say what it runs.`, hint });
  }
  const given = fields.field("parameters");
  const params = fields.take("parameters", "a mapping of parameters by name", fieldsOf);
  // What is wrong with the field itself, or with its name, has been said: that parameters are missing would only follow from it.
  const broken = params === undefined && (given !== undefined || !wholly);
  places.set(`${path}.params`, { name: fields.nameOf("parameters"), span: given?.key ?? key, open: broken });
  const read =
    params &&
    readParams(params, { id, known, path: `${path}.params`, name: fields.nameOf("parameters"), places, report });
  const options = readOptions(fields, { path: `${path}.options`, around: { name, span: key }, places, report });
  const flags = { critical: fields.take("critical", FLAG, flagOf), forever: fields.take("forever", FLAG, flagOf) };
  for (const flag of ["critical", "forever"] as const) {
    const field = fields.field(flag);
    if (field) places.set(`${path}.${flag}`, { name: fields.nameOf(flag), span: field.value.span });
  }
  const dependencies = fields.take("dependencies", "a list of names of tasks", namesOf) ?? [];
  const node: JobNode = {
    id,
    run: run ?? UNSAID,
    ...(read ? { params: read.params } : {}),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(flags.critical === undefined ? {} : { critical: flags.critical }),
    ...(flags.forever === undefined ? {} : { forever: flags.forever }),
  };
  return { node, key, dependencies, taken: read?.taken ?? [] };
}

const FLAG = "true or false";

/** One name, or several. */
function namesOf(tree: Tree): readonly Dependency[] | undefined {
  const items = tree.kind === "list" ? tree.items : [tree];
  const names = items.flatMap((item) => {
    const task = textOf(item);
    return task === undefined ? [] : [{ task, span: item.span }];
  });
  return names.length === items.length ? names : undefined;
}
