/** Stored flows, for people and as documents. */
import type { FlowError, FlowStatus, TaskStatus } from "@millrace/jobs";
import type { StoredSpec } from "../project/spec-records.js";
import type { Colors } from "./streams.js";
import { type Column, tableLines } from "./table.js";

const PAINTS: Readonly<Record<TaskStatus, keyof Colors & ("cyan" | "green" | "red" | "yellow" | "dim")>> = {
  PENDING: "dim",
  RUNNING: "cyan",
  COMPLETED: "green",
  FAILED: "red",
  ABORTED: "yellow",
  SKIPPED: "yellow",
};

/** Lines of the table of flows. `room`: columns of the terminal. */
export function specsTable(flows: readonly StoredSpec[], colors: Colors, room?: number): readonly string[] {
  const columns: readonly Column[] = [
    { title: "FLOW" },
    { title: "STATUS" },
    { title: "DONE", align: "right" },
    { title: "TICKS", align: "right" },
    { title: "TICKED BY" },
    { title: "LABEL", optional: true },
    { title: "ERROR", optional: true },
  ];
  const rows = flows.map(({ flow, record }) => [
    flow.key,
    statusText(flow.status, colors),
    `${flow.tasksByStatus("COMPLETED").length}/${flow.tasks.length}`,
    String(flow.ticks),
    holderOf({ record }, Date.now()) ?? "",
    flow.label === flow.key ? "" : flow.label,
    firstError(flow.errors),
  ]);
  return tableLines(columns, rows, room);
}

/** Lines of the table of a flow's tasks. */
export function specTasksTable({ flow }: Pick<StoredSpec, "flow">, colors: Colors, room?: number): readonly string[] {
  const columns: readonly Column[] = [
    { title: "TASK" },
    { title: "TYPE" },
    { title: "STATUS" },
    { title: "TICKS", align: "right" },
    { title: "AFTER" },
    { title: "ERROR", optional: true },
  ];
  const rows = flow.tasks.map(({ key, taskType, status, ticks, precursors, error = "" }) => [
    key,
    taskType,
    statusText(status, colors),
    String(ticks),
    precursors.join(", "),
    error.split("\n", 1)[0] ?? "",
  ]);
  return tableLines(columns, rows, room);
}

/** A flow as `--json` gives it in lists. */
export function specDocument({ flow, record }: StoredSpec): object {
  const { key, label, status, ticks, errors } = flow;
  const tasks = Object.fromEntries(flow.tasks.map((task) => [task.key, task.status]));
  return { key, label, status, ticks, tasks, errors, ...claimOf(record) };
}

/** The runner that ticks a flow now. */
export function holderOf({ record: { claim } }: Pick<StoredSpec, "record">, now: number): string | undefined {
  return claim && claim.until > now ? claim.runner : undefined;
}

/** Coloured. */
export function statusText(status: FlowStatus | TaskStatus, colors: Colors): string {
  return colors[PAINTS[status]](status);
}

function claimOf({ claim, tickedAt }: StoredSpec["record"]): object {
  return { ...(claim ? { claim } : {}), ...(tickedAt === undefined ? {} : { tickedAt }) };
}

function firstError([first]: readonly FlowError[]): string {
  return first ? `${first.task}: ${first.message.split("\n", 1)[0] ?? ""}` : "";
}
