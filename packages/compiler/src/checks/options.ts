/** Checks options of decorators and calls against the one vocabulary of core. */
import { checkDurability, checkOptions, didYouMean, isObject, type OptionIssue } from "@millrace/core";
import { Node } from "ts-morph";
import { namesTarget } from "../calls/find-calls.js";
import { spellingOf } from "../project/declared.js";
import { readConstant } from "../tasks/read-constant.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { Check, Report } from "./check.js";

/** Options of `@flow` besides `id` that are options of steps, too. */
const STEP_OPTIONS = ["version", "timeout"];
/** All of them. */
const FLOW_OPTIONS = [...STEP_OPTIONS, "schedule", "durability"];

/** `option-invalid`, `option-not-literal`. */
export const options: Check = ({ facts, calls }, report) => {
  for (const fact of facts) {
    for (const node of fact.options.unreadable) {
      report({
        code: "option-not-literal",
        message: `This option of ${fact.declared.className} is no literal, so it is not known before running.`,
        node,
        hint: `Write the value itself in ${spellingOf(fact.declared)}({ … }); what is decided while running goes to the call's options.`,
      });
    }
    const id = fact.declared.form.type === "class" ? fact.options.nodes.get("id") : undefined;
    if (id && !(Node.isPropertyAssignment(id) && isText(readConstant(id.getInitializer())?.value))) {
      report({
        code: "option-invalid",
        message: 'Option "id" must be a non-empty string.',
        node: id,
        hint: "Give a name, or leave it out: the class name serves.",
      });
    }
    if (fact.rule) checkWhen(fact, report);
    if (fact.declared.kind === "flow") checkFlowOptions(fact, report);
    else reportIssues(checkOptions(optionsOf(fact)), (name) => fact.options.nodes.get(name), report);
  }
  for (const { method, options: literal, target } of calls) {
    // The options of a map are of another kind; the SDK's types check them.
    const value = namesTarget(method) ? readConstant(literal)?.value : undefined;
    if (!literal || value === undefined) continue;
    const called = target && !target.open && target.candidates.every(({ kind }) => kind === "flow") ? "flow" : "task";
    reportIssues(checkOptions(value, called), (name) => literal.getProperty(name) ?? literal, report);
  }
};

/** Options without what a decorator takes beside them: the id, and the filter of a rule. */
function optionsOf({ declared, options: { value } }: DeclarationFacts): Readonly<Record<string, unknown>> {
  if (declared.form.type !== "class") return value;
  const { id: _, when, ...others } = value;
  return declared.isRule || when === undefined ? others : { ...others, when };
}

function checkWhen({ rule, declared, options: { unreadable } }: DeclarationFacts, report: Report): void {
  // In a decorator, what is no literal is reported among its options.
  if (!rule?.when || unreadable.includes(rule.when.node)) return;
  const { node, value } = rule.when;
  const filters: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (filters.length > 0 && filters.every(isObject)) return;
  if (value === undefined) {
    report({
      code: "option-not-literal",
      message: `The filter of ${declared.className} is no literal, so it is not known before running.`,
      node,
      hint: "Write the values themselves; what is computed stands in match(token).",
    });
    return;
  }
  report({
    code: "option-invalid",
    message: 'Option "when" must be a filter, or a list of filters.',
    node,
    hint: 'A filter is an object with what tokens have to have: when: { kind: "html" }.',
    data: { option: "when" },
  });
}

function checkFlowOptions(fact: DeclarationFacts, report: Report): void {
  const { value, nodes } = fact.options;
  for (const [name, node] of nodes) {
    if (FLOW_OPTIONS.includes(name) || (name === "id" && fact.declared.form.type === "class")) continue;
    report({
      code: "option-invalid",
      message: `Option "${name}" has no meaning on a flow in this version.`,
      node,
      hint: didYouMean(name, FLOW_OPTIONS) ?? "Options of steps stand on tasks and on calls: call(X, params, { … }).",
      data: { option: name },
    });
  }
  const own = Object.fromEntries(STEP_OPTIONS.filter((name) => nodes.has(name)).map((name) => [name, value[name]]));
  const issues = [...checkOptions(own), ...checkDurability(value.durability)];
  reportIssues(issues, (name) => nodes.get(name), report);
}

function reportIssues(
  issues: readonly OptionIssue[],
  nodeOf: (name: string) => Node | undefined,
  report: Report,
): void {
  for (const issue of issues) {
    const node = nodeOf(issue.path.split(".")[0] ?? "");
    if (!node) continue;
    report({
      code: "option-invalid",
      message: `Option "${issue.path}" ${issue.message}.`,
      node,
      hint: "Correct or remove the option.",
      data: { option: issue.path },
    });
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
