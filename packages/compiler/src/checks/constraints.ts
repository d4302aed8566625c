/** Checks that the doc tags of parameters and results demand what can be demanded of their types. */
import type { Node } from "ts-morph";
import type { Check } from "./check.js";

/** `constraint-invalid`. */
export const constraints: Check = ({ facts }, report) => {
  // A type that two declarations use is read twice.
  const seen = new Set<Node>();
  for (const { params, result } of facts) {
    for (const { node, message } of [...params, result].flatMap(({ schema }) => schema.complaints)) {
      if (seen.has(node)) continue;
      seen.add(node);
      report({
        code: "constraint-invalid",
        message: `${message}.`,
        node,
        hint: "Correct the tag, or move it to a property whose type it narrows.",
      });
    }
  }
};
