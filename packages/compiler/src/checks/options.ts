/** Checks options of decorators and calls against the one vocabulary of core. */
import { checkOptions, didYouMean } from "@millrace/core";
import { Node } from "ts-morph";
import { readConstant } from "../tasks/read-constant.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { Check, Report } from "./check.js";

/** Options of `@flow` besides `id`. */
const FLOW_OPTIONS = ["version"];

/** `option-invalid`, `option-not-literal`. */
export const options: Check = ({ facts, calls }, report) => {
  for (const fact of facts) {
    for (const node of fact.options.unreadable) {
      report({
        code: "option-not-literal",
        message: `This option of ${fact.declared.className} is no literal, so it is not known before running.`,
        node,
        hint: `Write the value itself in @${fact.declared.kind}({ … }); what is decided while running goes to the call's options.`,
      });
    }
    const id = fact.options.nodes.get("id");
    if (id && !(Node.isPropertyAssignment(id) && isText(readConstant(id.getInitializer())?.value))) {
      report({
        code: "option-invalid",
        message: 'Option "id" must be a non-empty string.',
        node: id,
        hint: "Give a name, or leave it out: the class name serves.",
      });
    }
    if (fact.declared.kind === "flow") checkFlowOptions(fact, report);
    else reportIssues(fact.options.value, (name) => fact.options.nodes.get(name), report);
  }
  for (const { method, options: literal } of calls) {
    // The options of a map are of another kind; the SDK's types check them.
    const value = method === "call" ? readConstant(literal)?.value : undefined;
    if (literal && value !== undefined) reportIssues(value, (name) => literal.getProperty(name), report, literal);
  }
};

function checkFlowOptions({ options: { value, nodes } }: DeclarationFacts, report: Report): void {
  for (const [name, node] of nodes) {
    if (name === "id" || name === "version") continue;
    report({
      code: "option-invalid",
      message: `Option "${name}" has no meaning on a flow in this version.`,
      node,
      hint:
        didYouMean(name, FLOW_OPTIONS) ??
        "Options of steps stand on tasks (@task({ … })) and calls (this.call(X, params, { … })).",
      data: { option: name },
    });
  }
  const version = nodes.get("version");
  if (version && !isText(value.version)) {
    report({
      code: "option-invalid",
      message: 'Option "version" must be a non-empty string.',
      node: version,
      hint: 'Write version: "2".',
    });
  }
}

function reportIssues(
  value: unknown,
  nodeOf: (name: string) => Node | undefined,
  report: Report,
  fallback?: Node,
): void {
  for (const issue of checkOptions(value)) {
    const node = nodeOf(issue.path.split(".")[0] ?? "") ?? fallback;
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
