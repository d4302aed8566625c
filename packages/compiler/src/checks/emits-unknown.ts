/** Looks for rules whose types do not tell which tokens they give: no picture shows what follows, and nothing is checked. */
import { typeText } from "../tasks/type-text.js";
import type { Check } from "./check.js";

/** `emits-unknown`. */
export const emitsUnknown: Check = ({ facts }, report) => {
  const seen = new Set<unknown>();
  for (const { declared, rule } of facts) {
    const unknown = rule?.given.find((type) => type.getProperties().length === 0);
    if (!rule || !unknown || seen.has(rule.node)) continue;
    seen.add(rule.node);
    report({
      code: "emits-unknown",
      message: `${declared.className} gives tokens of type \`${typeText(unknown, rule.node)}\`: nobody knows which rules may follow.`,
      node: rule.node,
      hint: 'Name them: class Crawl extends Rule<Page, Page | Found>, with interface Found { type: "found"; … }.',
      data: { rule: declared.id },
    });
  }
};
