/** `switch`: the first case whose condition holds gives the task that stands for this one. */
import { MillraceError } from "@millrace/core";
import type { TaskSpec } from "../flow-spec.js";
import { isRecord, shown } from "../json-data.js";
import type { TaskHandler } from "../task-handler.js";
import { paramsOf } from "./params-of.js";

type Condition = (value: unknown, arg: unknown) => boolean;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  eq: (value, arg) => same(value, arg),
  ne: (value, arg) => !same(value, arg),
  lt: (value, arg) => ordered(value, arg) < 0,
  le: (value, arg) => ordered(value, arg) <= 0,
  gt: (value, arg) => ordered(value, arg) > 0,
  ge: (value, arg) => ordered(value, arg) >= 0,
  in: (value, arg) => listOf(arg).some((one) => same(value, one)),
};

/** Parameters: `controlValue`, `cases` of `{ condition: { op, arg }, task }`, and `defaultCase` with a `task`. */
export const switchHandler: TaskHandler = {
  deferred: ["cases", "defaultCase", "default_case"],
  initialTick: ({ params }) => {
    const { controlValue, cases, defaultCase } = paramsOf(params, ["controlValue", "cases"], ["defaultCase"]);
    for (const [i, one] of listOf(cases).entries()) {
      const { condition, task } = isRecord(one) ? one : {};
      if (!isRecord(condition)) throw misuse(`cases[${i}].condition must be { op, arg }, not ${shown(condition)}`);
      if (holds(condition, controlValue, `cases[${i}]`)) return { proxy: taskOf(task, `cases[${i}].task`) };
    }
    if (defaultCase === undefined) throw misuse(`no case matches ${shown(controlValue)}, and there is no defaultCase`);
    return { proxy: taskOf(isRecord(defaultCase) ? defaultCase.task : defaultCase, "defaultCase.task") };
  },
};

function holds({ op, arg }: Readonly<Record<string, unknown>>, value: unknown, at: string): boolean {
  if (typeof op === "string" && Object.hasOwn(CONDITIONS, op)) return (CONDITIONS[op] as Condition)(value, arg);
  throw misuse(`${at}.condition.op must be ${Object.keys(CONDITIONS).join(", ")}, not ${shown(op)}`);
}

function taskOf(task: unknown, at: string): TaskSpec {
  // Read as any task is, where it becomes the proxy.
  if (isRecord(task)) return task as unknown as TaskSpec;
  throw misuse(`${at} must be a task, not ${shown(task)}`);
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw misuse(`a list is needed, not ${shown(value)}`);
}

/** Equal as JSON, whatever the order of members. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isRecord(a) || !isRecord(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
}

function ordered(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  throw misuse(`${shown(a)} and ${shown(b)} have no order: numbers and texts have one`);
}

function misuse(what: string): MillraceError {
  return new MillraceError("task-misuse", `${what}.`);
}
