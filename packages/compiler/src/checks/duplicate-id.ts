/** Checks that every id names one declaration: records of runs are kept under it. */
import { spellingOf } from "../project/declared.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { Check } from "./check.js";

/** `duplicate-id`. */
export const duplicateId: Check = ({ facts }, report) => {
  const first = new Map<string, DeclarationFacts>();
  for (const fact of facts) {
    const { id, className, nameNode, source } = fact.declared;
    const other = first.get(id)?.declared;
    if (!other) {
      first.set(id, fact);
      continue;
    }
    report({
      code: "duplicate-id",
      message: `The id "${id}" is taken by ${other.className} of ${other.source}.`,
      node: nameNode,
      related: [{ node: other.nameNode, message: `"${id}" is declared here first` }],
      hint: `Give one of them another id: ${spellingOf(fact.declared)}({ id: "${className}2" … }).`,
      data: { id, sources: [other.source, source] },
    });
  }
};
