/** Looks for rules whose `when` contradicts the type of their tokens: they match none. */
import { typeText } from "../tasks/type-text.js";
import type { Check } from "./check.js";

/** `rule-unreachable`, as far as one rule tells; for sets of rules, core's `checkRuleSet` does. */
export const ruleUnreachable: Check = ({ facts }, report) => {
  for (const { declared, rule, params } of facts) {
    if (!rule || rule.filters.length > 0) continue;
    const [token] = params;
    const type = token ? typeText(token.type, declared.form.node) : "its token";
    report({
      code: "rule-unreachable",
      message: `${declared.className} matches no token: what \`when\` asks for, no ${type} has.`,
      node: rule.when?.node ?? declared.nameNode,
      related: token ? [{ node: token.nameNode, message: `its tokens are ${type}` }] : [],
      hint: "Ask for what the type allows, or widen the type of the tokens.",
      data: { rule: declared.id },
    });
  }
};
