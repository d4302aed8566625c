/** Checks that schedules can be kept: by their words, and by what the flow needs that nobody would give. */
import { readSchedule } from "@millrace/core/schedule";
import { Node } from "ts-morph";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { Check } from "./check.js";

/** `option-invalid`, for the option `schedule` of flows. */
export const schedules: Check = ({ facts }, report) => {
  for (const fact of facts) {
    const node = fact.declared.kind === "flow" ? fact.options.nodes.get("schedule") : undefined;
    if (!node) continue;
    const read = readSchedule(fact.options.value.schedule);
    for (const { path, message } of "issues" in read ? read.issues : []) {
      report({
        code: "option-invalid",
        message: `Option "${path}" ${message}.`,
        node: partOf(node, path),
        hint: 'Write a cron expression, schedule: "0 6 * * *", or { cron, timezone, overlap, catchUp }.',
        data: { option: path },
      });
    }
    checkParams(fact, node, report);
  }
};

function checkParams({ declared, params }: DeclarationFacts, node: Node, report: Parameters<Check>[1]): void {
  const required = params.filter((param) => param.required);
  if (required.length === 0) return;
  const names = required.map(({ name }) => name).join(", ");
  report({
    code: "option-invalid",
    message: `${declared.className} has a schedule, but it cannot start by itself: nobody gives ${names}.`,
    node,
    related: required.map((param) => ({ node: param.nameNode, message: `"${param.name}" is required` })),
    hint: "Give each parameter a default, or schedule a flow without parameters that calls this one.",
    data: { option: "schedule", flow: declared.id, params: required.map(({ name }) => name) },
  });
}

/** The property of a path such as `schedule.timezone`, as deep as it is written. */
function partOf(node: Node, path: string): Node {
  const literal = Node.isPropertyAssignment(node) ? node.getInitializer() : undefined;
  const name = path.split(".")[1];
  const part = name !== undefined && Node.isObjectLiteralExpression(literal) ? literal.getProperty(name) : undefined;
  return part ?? node;
}
