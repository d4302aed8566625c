/**
 * The tasks of a flow for an engine, with its `wire` tasks carried out beforehand: a wiring from what a task returns, or from the flow's data, to a parameter of a
 * task is a reference in that parameter. Nothing else is known before the flow begins.
 */
import { MillraceError } from "@millrace/core";
import { pathOf, writePath } from "./data-path.js";
import type { FlowDocument, TaskDocument } from "./flow-document.js";
import { REFERENCE } from "./interpolate.js";
import { readFields } from "./spec-fields.js";
import type { Report } from "./spec-issue.js";
import { partsOf } from "./wiring-parts.js";

/** Copies of the tasks. What cannot be carried out is reported. @param at Path of the flow in the spec, with a dot behind it if it is not empty. */
export function wiredTasks({ tasks }: FlowDocument, report: Report, at: string): readonly TaskDocument[] {
  const copies = structuredClone(tasks);
  for (const [i, task] of copies.entries()) {
    if (task.taskType !== "wire") continue;
    const where = `${at}tasks[${i}].taskParams`;
    const fields = readFields(task.taskParams, { at: where, what: "an object", names: ["wirings"], report });
    const wirings = fields?.values.wirings;
    if (!Array.isArray(wirings)) report(`${where}.wirings`, "must be a list");
    else
      for (const [n, wiring] of wirings.entries()) {
        try {
          wire(wiring, task, copies);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          report(`${where}.wirings[${n}]`, reason.replace(/\.$/, ""));
        }
      }
  }
  return copies;
}

function wire(given: unknown, by: TaskDocument, tasks: readonly TaskDocument[]): void {
  const { source, value, transform, dest } = partsOf(given);
  if (transform !== undefined || Array.isArray(source))
    throw misuse("transforms what it carries, or joins it, which only ticks do");
  const [ctx, scope, name, key, params, ...path] = pathOf(dest);
  const target = tasks.find((task) => task.key === key);
  if (`${ctx}.${scope}.${name}.${params}` !== "ctx.flow.tasks.taskParams" || !target || path.length === 0)
    throw misuse(
      "writes elsewhere than to a parameter of a task, ctx.flow.tasks.<key>.taskParams.…: an engine has no other place",
    );
  if (!isBehind(target, by, tasks)) throw misuse(`writes to "${key}", which does not wait for it`);
  if (source === undefined) writePath(target.taskParams, path, escaped(value));
  else writePath(target.taskParams, path, `${REFERENCE}${pathOf(source).slice(1).join(".")}`);
}

function misuse(what: string): MillraceError {
  return new MillraceError("task-misuse", `${what}.`);
}

/** A text that is a value must not become a reference where it is put. */
function escaped(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("$") || value.startsWith("\\$") ? `\\${value}` : value;
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, escaped(member)]));
}

function isBehind(task: TaskDocument, before: TaskDocument, tasks: readonly TaskDocument[]): boolean {
  const waits = new Set([task]);
  // A set goes on over what is added to it.
  for (const { precursors } of waits) for (const one of tasks) if (precursors.includes(one.key)) waits.add(one);
  return task !== before && waits.has(before);
}
