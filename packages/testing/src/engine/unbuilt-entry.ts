/** Manifest entries of classes that no build has seen: what the decorators say, and no types. */
import {
  checkDurability,
  checkOptions,
  type DeclarationEntry,
  emitsAnything,
  type FlowEntry,
  type HookName,
  type JsonSchema,
  MillraceError,
  type RuleEntry,
  type StepOptions,
  type TaskEntry,
  UNBUILT,
} from "@millrace/core";
import { readSchedule } from "@millrace/core/schedule";
import type { FlowOptions } from "@millrace/sdk";
import { type Declaration, paramNames } from "@millrace/sdk/internal";

const HOOKS: readonly HookName[] = ["onAbort", "onCreate", "onDestroy", "onFailure", "onRestart", "onSuccess"];
const NOWHERE = { file: UNBUILT, line: 1, column: 1, endLine: 1, endColumn: 1 };

/** A task or flow class. */
// biome-ignore lint/complexity/noBannedTypes: any class
export type Class = Function;

/** The entry of a declared class. @throws MillraceError `invalid-options`. */
export function unbuiltEntry(target: Class, id: string, declaration: Declaration): TaskEntry | FlowEntry {
  const { id: _, schedule, durability, ...options } = declaration.options as FlowOptions & StepOptions;
  const read = declaration.kind === "flow" && schedule !== undefined ? readSchedule(schedule) : undefined;
  const issues = [
    ...checkOptions(options, declaration.kind),
    ...checkDurability(durability),
    ...(read && "issues" in read ? read.issues : []),
  ];
  if (issues.length > 0) {
    const list = issues.map((issue) => `${issue.path} ${issue.message}`).join("; ");
    throw new MillraceError("invalid-options", `The options of ${id} cannot be used: ${list}.`, {
      hint: `Correct the decorator of ${target.name}.`,
      data: { [declaration.kind]: id, issues },
    });
  }
  if (declaration.kind === "flow") {
    const graph = { graphVersion: 1, nodes: [], edges: [] } as const;
    return {
      kind: "flow",
      ...common(target, id, options),
      ...(read && "entry" in read ? { schedule: read.entry } : {}),
      ...(durability === "behind" ? { durability } : {}),
      graph,
    };
  }
  const prototype = target.prototype as Readonly<Record<string, unknown>>;
  const hooks = HOOKS.filter((hook) => typeof prototype[hook] === "function");
  const entry: TaskEntry = { kind: "task", ...common(target, id, options), hooks, shared: { reads: [], writes: [] } };
  return declaration.rule ? { ...entry, rule: unbuiltRule(declaration.rule, prototype) } : entry;
}

/** What types would say is not known: what it takes beside `when`, and what it gives. Without `when` it has no filter. */
function unbuiltRule(
  { filters = [] }: NonNullable<Declaration["rule"]>,
  prototype: Readonly<Record<string, unknown>>,
): RuleEntry {
  const match = typeof prototype.match === "function";
  return { filters, ...(match ? { match } : {}), emits: emitsAnything("no build has seen it") };
}

function common(target: Class, id: string, options: StepOptions): DeclarationEntry {
  const names = paramNames(target);
  return {
    id,
    className: target.name,
    source: UNBUILT,
    module: UNBUILT,
    exportName: target.name,
    span: NOWHERE,
    // Which are required is known to the types alone.
    params: (names ?? []).map((name) => ({ name, schema: {}, required: false, text: "unknown" })),
    paramsSchema: names ? objectWith(names) : { type: "object" },
    result: { schema: {}, text: "unknown" },
    options,
    fingerprint: { algorithm: "modules", hash: UNBUILT, modules: {}, packages: {} },
  };
}

function objectWith(names: readonly string[]): JsonSchema {
  const properties = Object.fromEntries(names.map((name) => [name, {}]));
  return { type: "object", properties, additionalProperties: false };
}
