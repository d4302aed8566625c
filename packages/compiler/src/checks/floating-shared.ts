/** Looks for uses of shared state by flow bodies that nobody waits for: what comes next would run before they are on record. */
import { droppedBy } from "../flows/check-floating.js";
import type { Check } from "./check.js";

/** `floating-call`, of shared state. In a task the attempt's end waits for them. */
export const floatingShared: Check = ({ facts, sharedUses }, report) => {
  const seen = new Set<unknown>();
  for (const { declared } of facts) {
    if (declared.kind !== "flow") continue;
    for (const { node } of sharedUses(declared)) {
      const dropped = droppedBy(node);
      if (dropped === undefined || seen.has(node)) continue;
      seen.add(node);
      const text = node.getExpression().getText();
      report({
        code: "floating-call",
        message: `Nobody waits for the result of \`${text}\`: ${dropped}.`,
        node,
        hint: `Write \`await ${text}(…)\`, return its promise, or keep it and await it later.`,
        data: { call: text, site: null },
      });
    }
  }
};
