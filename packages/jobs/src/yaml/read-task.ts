/** One entry of `tasks`: what runs, what it is given, what it waits for, and its options. */
import type { JobNode, JobRun, Span } from "@millrace/core";
import { FieldReader, fieldsOf, flagOf, isOpen, textOf } from "./field-reader.js";
import type { ReportFinding } from "./findings.js";
import { OPTION_FIELDS, readOptions } from "./read-options.js";
import { readParams, type TakenResult } from "./read-params.js";
import type { SourceMap } from "./source-map.js";
import type { Field, Tree } from "./tree.js";

/** Fields of a task. */
export const TASK_FIELDS: readonly string[] = [
  "task",
  "flow",
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
  /** All tasks of the job. */
  readonly known: ReadonlySet<string>;
  readonly places: SourceMap;
  readonly report: ReportFinding;
}

/** Reads an entry; undefined if it does not even say what it runs. */
export function readTask(id: string, entry: Field, target: TaskTarget): ReadTask | undefined {
  const { index, known, places, report } = target;
  const name = `tasks.${id}`;
  const path = `nodes[${index}]`;
  const { key } = entry;
  if (entry.value.kind !== "fields")
    return void report({
      code: "job-invalid",
      span: entry.value.span,
      message: `"${name}" must say what it runs: { task: Name }.`,
    });
  const fields = new FieldReader(entry.value, name, report);
  const wholly = fields.expect(TASK_FIELDS);
  places.set(path, { name, span: key });
  const run = readRun(fields, key, wholly ? report : undefined);
  const given = fields.field("parameters");
  const params = fields.take("parameters", "a mapping of parameters by name", fieldsOf);
  // What is wrong with the field itself has been said: that parameters are missing would only follow from it.
  const broken = given !== undefined && params === undefined;
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
  if (!run) return undefined;
  places.set(`${path}.run`, { name, span: run.span, open: run.open });
  places.set(`${path}.run.${run.kind}`, { name: fields.nameOf(run.kind), span: run.span, open: run.open });
  const node: JobNode = {
    id,
    run: run.run,
    ...(read ? { params: read.params } : {}),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(flags.critical === undefined ? {} : { critical: flags.critical }),
    ...(flags.forever === undefined ? {} : { forever: flags.forever }),
  };
  return { node, key, dependencies, taken: read?.taken ?? [] };
}

const FLAG = "true or false";

interface ReadRun {
  readonly kind: "task" | "flow";
  readonly run: JobRun;
  readonly span: Span;
  readonly open: boolean;
}

/** Without a report, what it runs may stand in a field whose name is misspelt. */
function readRun(fields: FieldReader, key: Span, report: ReportFinding | undefined): ReadRun | undefined {
  const [task, flow] = [fields.field("task"), fields.field("flow")];
  const field = task ?? flow;
  if (!field || (task && flow)) {
    const what = field ? "names a task and a flow, and can run one of them" : "does not say what it runs";
    const message = `"${fields.name}" ${what}.`;
    const hint = "Write task: Name or flow: Name, as the classes or their ids are called.";
    const related = task && flow ? [{ span: task.key, message: "the task" }] : [];
    return void report?.({ code: "job-invalid", span: flow?.key ?? key, message, hint, related });
  }
  const kind = task ? "task" : "flow";
  const name = fields.take(kind, `the name of a ${kind}`, textOf);
  if (name === undefined) return undefined;
  const run: JobRun = task ? { task: name } : { flow: name };
  return { kind, run, span: field.value.span, open: isOpen(field.value) };
}

/** One name, or several. */
function namesOf(tree: Tree): readonly Dependency[] | undefined {
  const items = tree.kind === "list" ? tree.items : [tree];
  const names = items.flatMap((item) => {
    const task = textOf(item);
    return task === undefined ? [] : [{ task, span: item.span }];
  });
  return names.length === items.length ? names : undefined;
}
