/** Reads a flow that was written down between two ticks. */
import {
  FLOW_VERSION,
  type FlowDocument,
  type FlowStatus,
  MAX_PROXIES,
  type TaskDocument,
  type TaskStatus,
} from "./flow-document.js";
import { shown } from "./json-data.js";
import { orderTasks } from "./order-tasks.js";
import { readTask } from "./read-spec.js";
import { choiceField, countField, dataField, flagField, listField, readFields, textField } from "./spec-fields.js";
import type { Report } from "./spec-issue.js";

const FLOW_STATUSES: readonly FlowStatus[] = ["PENDING", "RUNNING", "COMPLETED", "FAILED"];
const TASK_STATUSES: readonly TaskStatus[] = [...FLOW_STATUSES, "ABORTED", "SKIPPED"];
const OF_TASKS = ["key", "label", "taskType", "taskParams", "data", "precursors"];
const FLOW_FIELDS = "version key label cfg data status ticks errors depth parentKey waitedFor tasks".split(" ");
const TASK_FIELDS = [...OF_TASKS, "status", "ticks", "error", "proxied"];

/** The document. What has been reported is left out of it. */
export function readDocument(given: unknown, report: Report): FlowDocument {
  const fields = readFields(given, { at: "", what: "a flow", names: FLOW_FIELDS, report });
  const { version, cfg, errors } = fields?.values ?? {};
  if (fields && version !== FLOW_VERSION) report("version", `must be ${FLOW_VERSION}, not ${shown(version)}`);
  const config = readFields(cfg, { at: "cfg", what: "an object: { failFast }", names: ["failFast"], report });
  // A flow that is none has been reported: what follows only fills the document.
  const all = fields ?? {
    at: "",
    report: () => undefined,
    values: { tasks: [], ticks: 0, depth: 0, status: "PENDING" },
  };
  const taken = new Map<string, string>();
  const placed = listField(all, "tasks").flatMap(([at, task]) => readPlaced(task, at, taken, report) ?? []);
  orderTasks(
    [],
    placed.map(({ at, task }) => ({ at, key: task.key, precursors: task.precursors, successors: undefined })),
    report,
  );
  const parentKey = textField(all, "parentKey");
  const waitedFor = textField(all, "waitedFor");
  return {
    version: FLOW_VERSION,
    key: textField(all, "key") ?? "",
    label: textField(all, "label") ?? "",
    cfg: { failFast: (config && flagField(config, "failFast")) ?? true },
    data: dataField(all, "data"),
    status: choiceField(all, "status", FLOW_STATUSES),
    ticks: countField(all, "ticks"),
    errors: (Array.isArray(errors) ? errors : []).flatMap((error, i) => {
      const read = readFields(error, { at: `errors[${i}]`, what: "an error", names: ["task", "message"], report });
      return read ? [{ task: textField(read, "task") ?? "", message: String(read.values.message ?? "") }] : [];
    }),
    depth: countField(all, "depth"),
    ...(parentKey === undefined ? {} : { parentKey }),
    ...(waitedFor === undefined ? {} : { waitedFor }),
    tasks: placed.map(({ task }) => task),
  };
}

function readPlaced(
  given: unknown,
  at: string,
  taken: Map<string, string>,
  report: Report,
  depth = 0,
): { at: string; task: TaskDocument } | undefined {
  const fields = readFields(given, { at, what: "a task", names: TASK_FIELDS, report });
  if (!fields) return undefined;
  const ofSpec = Object.fromEntries(Object.entries(fields.values).filter(([name]) => OF_TASKS.includes(name)));
  const read = readTask(ofSpec, { at, place: taken.size + 1, taken, report });
  if (!read) return undefined;
  const { error, proxied } = fields.values;
  if (depth > MAX_PROXIES) return void report(at, `is one of more than ${MAX_PROXIES} proxies in a row`);
  const inner = proxied === undefined ? undefined : readPlaced(proxied, `${at}.proxied`, new Map(), report, depth + 1);
  return {
    at,
    task: {
      ...read.document,
      precursors: [...(read.precursors ?? [])],
      status: choiceField(fields, "status", TASK_STATUSES),
      ticks: countField(fields, "ticks"),
      ...(error === undefined ? {} : { error: String(error) }),
      ...(inner ? { proxied: inner.task } : {}),
    },
  };
}
