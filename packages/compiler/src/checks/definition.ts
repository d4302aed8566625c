/** Checks what `defineTask`, `defineFlow` and `defineRule` are given: all of it is known before running, so it is written out. */
import { didYouMean } from "@millrace/core";
import { Node, type ObjectLiteralExpression } from "ts-morph";
import type { DeclaringKind } from "../project/declared.js";
import { literalId } from "../project/read-declared.js";
import { HOOKS } from "../tasks/read-hooks.js";
import type { Check, Report } from "./check.js";

const MEMBERS: Readonly<Record<DeclaringKind, readonly string[]>> = {
  task: ["id", "options", "params", "hooks", "run"],
  flow: ["id", "options", "params", "run"],
  rule: ["id", "when", "options", "hooks", "match", "next"],
};

/** The member that is its code, with an example. */
const BODIES: Readonly<Record<DeclaringKind, { readonly name: string; readonly example: string }>> = {
  task: { name: "run", example: "async (p: { … }, task) => …" },
  flow: { name: "run", example: "async (p: { … }, flow) => …" },
  rule: { name: "next", example: "(token: Page): Found[] => …" },
};

/** `definition-invalid`. */
export const definition: Check = ({ definitions }, report) => {
  for (const { node, kind, definition: literal } of definitions) {
    const name = node.getExpression().getText();
    if (literal) checkMembers(literal, { name, kind }, report);
    else {
      report({
        code: "definition-invalid",
        message: `What ${name} is given is no object literal, so nothing of it is known before running.`,
        node: node.getArguments()[0] ?? node.getExpression(),
        hint: `Write it out: ${name}({ id: "…", ${BODIES[kind].name}: ${BODIES[kind].example} }).`,
      });
    }
  }
};

function checkMembers(
  literal: ObjectLiteralExpression,
  { name, kind }: { name: string; kind: DeclaringKind },
  report: Report,
): void {
  const invalid = (node: Node, message: string, hint: string): void =>
    report({ code: "definition-invalid", message, node, hint });
  for (const member of literal.getProperties()) {
    const key = Node.isSpreadAssignment(member) ? undefined : member.getSymbol()?.getName();
    if (key === undefined || key === "__computed") {
      invalid(member, `This part of ${name} is not known before running.`, "Write its members out, one by one.");
    } else if (!MEMBERS[kind].includes(key)) {
      const list = `It has ${MEMBERS[kind].join(", ")}; options of steps stand in \`options\`.`;
      invalid(member, `${name} has no member "${key}".`, didYouMean(key, MEMBERS[kind]) ?? list);
    }
  }
  const id = literal.getProperty("id");
  if (literalId(literal) === undefined) {
    const message = id
      ? "The `id` must be a non-empty string literal: it is the name in manifests and records."
      : `This ${kind} has no \`id\`: the name in manifests and records.`;
    invalid(id ?? callee(literal), message, 'Write id: "FetchForecast".');
  }
  const { name: body, example } = BODIES[kind];
  if (!literal.getProperty(body))
    invalid(callee(literal), `This ${kind} has no \`${body}\`.`, `Give it ${body}: ${example}.`);
  if (kind !== "flow") checkHooks(literal, report);
}

function checkHooks(literal: ObjectLiteralExpression, report: Report): void {
  const member = literal.getProperty("hooks");
  const hooks = Node.isPropertyAssignment(member) ? member.getInitializer() : undefined;
  for (const hook of Node.isObjectLiteralExpression(hooks) ? hooks.getProperties() : []) {
    const name = hook.getSymbol()?.getName();
    if (Node.isSpreadAssignment(hook) || name === undefined || HOOKS.some((known) => known === name)) continue;
    report({
      code: "definition-invalid",
      message: `There is no hook "${name}".`,
      node: hook,
      hint: didYouMean(name, HOOKS) ?? `The hooks are ${HOOKS.join(", ")}.`,
    });
  }
}

/** `defineTask` of the call whose argument this is. */
function callee(literal: ObjectLiteralExpression): Node {
  const call = literal.getParent();
  return Node.isCallExpression(call) ? call.getExpression() : literal;
}
