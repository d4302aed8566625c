/** Checks that options of a task, and those of a call laid over them, leave each other an effect. */
import { checkOptions, mergeOptions, type OptionConflict, optionConflicts, type StepOptions } from "@millrace/core";
import { Node } from "ts-morph";
import type { FlowCall } from "../calls/find-calls.js";
import { readConstant } from "../tasks/read-constant.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { Check, CheckFacts, Report } from "./check.js";

/** `options-contradict`. */
export const optionsContradict: Check = (all, report) => {
  for (const fact of all.facts) {
    if (fact.declared.kind === "task") checkTask(fact, all, report);
  }
};

function checkTask(fact: DeclarationFacts, { calls }: CheckFacts, report: Report): void {
  const { className } = fact.declared;
  const { id: _, ...value } = fact.options.value;
  const own = accepted(value);
  if (own === undefined) return;
  const ofTask = optionConflicts(own);
  const called = calls.filter((call) => call.target?.candidates.includes(fact.declared));
  const merged = called.map((call) => ({ call, conflicts: conflictsOf(call, own) }));
  for (const conflict of ofTask) {
    // A call may give what the task's own options lack; then they are halves of one whole.
    if (merged.some(({ conflicts }) => !conflicts?.some((other) => other.path === conflict.path))) continue;
    const node = nodeOf(fact.options.nodes, conflict.path);
    if (node) tell({ conflict, node, against: nodeOf(fact.options.nodes, conflict.against), of: className, report });
  }
  for (const { call, conflicts = [] } of merged) {
    for (const conflict of conflicts) {
      if (ofTask.some((other) => other.path === conflict.path)) continue;
      const nodes = new Map(
        call.options?.getProperties().map((property) => [property.getSymbol()?.getName(), property]),
      );
      const [here, there] = [conflict.path, conflict.against].map((path) => ({
        atCall: nodeOf(nodes, path),
        atTask: nodeOf(fact.options.nodes, path),
      }));
      const node = here?.atCall ?? there?.atCall ?? call.options;
      const against = node === here?.atCall ? (there?.atCall ?? there?.atTask) : here?.atTask;
      if (node) tell({ conflict, node, against, of: `this call of ${className}`, report });
    }
  }
}

/** Conflicts of a call's options laid over the task's; undefined if they are not known before running. */
function conflictsOf({ options, node }: FlowCall, own: StepOptions): readonly OptionConflict[] | undefined {
  if (!options) return node.getArguments().length > 2 ? undefined : optionConflicts(own);
  const value = readConstant(options)?.value;
  const given = value === undefined ? undefined : accepted(value);
  return given && optionConflicts(mergeOptions(own, given));
}

/** Options if they are right one by one: else another check reports them. */
function accepted(value: unknown): StepOptions | undefined {
  return checkOptions(value).length === 0 ? (value as StepOptions) : undefined; // checked just now
}

interface Told {
  readonly conflict: OptionConflict;
  readonly node: Node;
  readonly against: Node | undefined;
  readonly of: string;
  readonly report: Report;
}

function tell({ conflict, node, against, of, report }: Told): void {
  const { path, message, hint } = conflict;
  report({
    code: "options-contradict",
    message: `Option "${path}" of ${of} ${message}.`,
    node,
    related: against && against !== node ? [{ node: against, message: `"${conflict.against}" is given here` }] : [],
    hint,
    data: { option: path, against: conflict.against },
  });
}

/** The property of a path such as `retry.delay`, as deep as it is written. */
function nodeOf(nodes: ReadonlyMap<string | undefined, Node>, path: string): Node | undefined {
  const [first, second] = path.split(".");
  const outer = nodes.get(first);
  if (second === undefined || !Node.isPropertyAssignment(outer)) return outer;
  const literal = outer.getInitializer();
  return Node.isObjectLiteralExpression(literal) ? literal.getProperty(second) : outer;
}
