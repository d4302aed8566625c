/** Checks that `match` of a rule answers at once: it is asked before there is a firing. */
import type { Check } from "./check.js";

/** `rule-match-async`. */
export const ruleMatchAsync: Check = ({ facts }, report) => {
  const seen = new Set<unknown>();
  for (const { declared, rule } of facts) {
    if (!rule?.match || rule.match.gives.isBoolean() || rule.match.gives.isBooleanLiteral()) continue;
    const { node, gives } = rule.match;
    if (seen.has(node)) continue; // inherited by more than one rule
    seen.add(node);
    const isLate = gives.getAwaitedType() !== gives;
    report({
      code: "rule-match-async",
      message: isLate
        ? `match of ${declared.className} gives a promise: every token would count as matched.`
        : `match of ${declared.className} gives ${gives.getText(node)}, not true or false.`,
      node,
      hint: isLate
        ? "Decide by the token alone; what takes time stands in next, which may give nothing."
        : "Give a boolean: return token.size > 0.",
      data: { rule: declared.id },
    });
  }
};
