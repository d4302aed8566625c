/** Check `computed-step-name`: `options.name` of a call is part of its site, so it must be a literal. */
import type { Analysis } from "./analysis.js";

/** Looks at every call of the project. */
export function checkNames(analysis: Analysis): void {
  for (const call of analysis.reach.calls.values()) {
    if (!call.name || call.name.literal !== undefined) continue;
    analysis.report({
      code: "computed-step-name",
      severity: "error",
      message: "The `name` of a call must be a string literal: it names the step across builds.",
      span: analysis.model.spanOf(call.name.node),
      related: [],
      hint: "Write the name as a literal. To tell the items of a map apart, use its `key` option.",
      data: {},
    });
  }
}
