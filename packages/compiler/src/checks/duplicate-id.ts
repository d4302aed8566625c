/** Checks that every id names one declaration: records of runs are kept under it. */
import type { Node } from "ts-morph";
import { spellingOf } from "../project/declared.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { Check } from "./check.js";

/** `duplicate-id`, of the one that took its id by hand: the other has it from its class, and may be the older. */
export const duplicateId: Check = ({ facts }, report) => {
  const first = new Map<string, DeclarationFacts>();
  for (const fact of facts) {
    const known = first.get(fact.declared.id);
    if (!known) {
      first.set(fact.declared.id, fact);
      continue;
    }
    const [later, earlier] = idNodeOf(known) && !idNodeOf(fact) ? [known, fact] : [fact, known];
    const { id, className, nameNode, source } = later.declared;
    const other = earlier.declared;
    report({
      code: "duplicate-id",
      message: `The id "${id}" is taken by ${other.className} of ${other.source}.`,
      node: idNodeOf(later) ?? nameNode,
      related: [{ node: idNodeOf(earlier) ?? other.nameNode, message: `"${id}" is the id of this one, too` }],
      hint: `Give one of them another id: ${spellingOf(later.declared)}({ id: "${className}2" … }).`,
      data: { id, sources: [other.source, source] },
    });
  }
};

/** The id as it stands in a decorator or definition. */
function idNodeOf({ declared: { form }, options }: DeclarationFacts): Node | undefined {
  return form.type === "class" ? options.nodes.get("id") : form.definition.getProperty("id");
}
