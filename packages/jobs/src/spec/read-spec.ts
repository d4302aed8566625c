/** Reads what claims to be a flow spec: a flow's document, before its first tick. All that is wrong is reported. */
import { isNodeId } from "@millrace/core";
import { FLOW_VERSION, type FlowDocument, type TaskDocument } from "./flow-document.js";
import { ROOT } from "./flow-spec.js";
import { shown } from "./json-data.js";
import { orderTasks, type PlacedTask } from "./order-tasks.js";
import { dataField, flagField, listField, namesField, readFields, textField } from "./spec-fields.js";
import type { Report } from "./spec-issue.js";

const FLOW_FIELDS = ["label", "key", "cfg", "data", "tasks"];
const TASK_FIELDS = ["key", "label", "taskType", "taskParams", "data", "precursors", "successors"];

/** A task that was read. */
interface ReadTask extends PlacedTask {
  readonly document: TaskDocument;
}

/** The document of a spec. What has been reported is left out of it. */
export function readSpec(given: unknown, report: Report): FlowDocument {
  const fields = readFields(given, { at: "", what: "a flow spec: { tasks }", names: FLOW_FIELDS, report });
  if (!fields) return emptyFlow();
  const { cfg = {} } = fields.values;
  const config = readFields(cfg, { at: "cfg", what: "an object: { failFast }", names: ["failFast"], report });
  const key = textField(fields, "key") ?? globalThis.crypto.randomUUID();
  return {
    ...emptyFlow(),
    key,
    label: textField(fields, "label") ?? key,
    cfg: { failFast: (config && flagField(config, "failFast")) ?? true },
    data: dataField(fields, "data"),
    tasks: [...readTasks(listField(fields, "tasks"), [], report)],
  };
}

/**
 * Tasks that join those that there are. The precursors of these may have grown: they are set.
 * @param given Each with its path.
 */
export function readTasks(
  given: readonly (readonly [string, unknown])[],
  present: readonly TaskDocument[],
  report: Report,
): readonly TaskDocument[] {
  const taken = new Map(present.map(({ key }) => [key, "the flow"]));
  const read = given.flatMap(
    ([at, task], i) => readTask(task, { at, place: present.length + i + 1, taken, report }) ?? [],
  );
  const precursors = orderTasks(present, read, report);
  const documents = read.map(({ document }) => document);
  for (const task of [...present, ...documents]) task.precursors = [...(precursors.get(task.key) ?? [])];
  return documents;
}

/** One task, on its own: neighbours are not looked for. */
export function readTask(
  given: unknown,
  { at, place, taken, report }: { at: string; place: number; taken: Map<string, string>; report: Report },
): ReadTask | undefined {
  const fields = readFields(given, { at, what: "a task: { key, taskType, taskParams }", names: TASK_FIELDS, report });
  if (!fields) return undefined;
  const key = readKey(fields.values.key ?? `task-${place}`, `${at}.key`, taken, report);
  if (fields.values.taskType === undefined)
    report(`${at}.taskType`, "is left out: it says which handler ticks the task");
  const document: TaskDocument = {
    key: key ?? "",
    label: textField(fields, "label") ?? key ?? "",
    taskType: textField(fields, "taskType") ?? "",
    taskParams: dataField(fields, "taskParams"),
    data: dataField(fields, "data"),
    precursors: [],
    status: "PENDING",
    ticks: 0,
  };
  const [precursors, successors] = [namesField(fields, "precursors"), namesField(fields, "successors")];
  return key === undefined ? undefined : { at, key, document, precursors, successors };
}

function readKey(key: unknown, at: string, taken: Map<string, string>, report: Report): string | undefined {
  if (!isNodeId(key)) {
    const rule = "a text without spaces, dots, slashes, quotes, brackets and $";
    return void report(at, `must be ${rule}, not ${shown(key)}`);
  }
  if (key === ROOT) return void report(at, `must not be ${ROOT}: that is the precursor which is always completed`);
  const twin = taken.get(key);
  if (twin !== undefined) return void report(at, `is "${key}", and so is that of ${twin}: keys are unique`);
  taken.set(key, at.slice(0, -".key".length));
  return key;
}

function emptyFlow(): FlowDocument {
  return {
    version: FLOW_VERSION,
    key: "",
    label: "",
    cfg: { failFast: true },
    data: {},
    status: "PENDING",
    ticks: 0,
    errors: [],
    depth: 0,
    tasks: [],
  };
}
