/** Checks that every id names one declaration: records of runs are kept under it. */
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { Check } from "./check.js";

/** `duplicate-id`. */
export const duplicateId: Check = ({ facts }, report) => {
  const first = new Map<string, DeclarationFacts>();
  for (const fact of facts) {
    const { id, className, node, source } = fact.declared;
    const other = first.get(id)?.declared;
    if (!other) {
      first.set(id, fact);
      continue;
    }
    report({
      code: "duplicate-id",
      message: `The id "${id}" is taken by ${other.className} of ${other.source}.`,
      node: node.getNameNode() ?? node,
      related: [{ node: other.node.getNameNode() ?? other.node, message: `"${id}" is declared here first` }],
      hint: `Rename one of the classes, or give one an id of its own: @${fact.declared.kind}({ id: "${className}2" }).`,
      data: { id, sources: [other.source, source] },
    });
  }
};
