/** Looks for steps that nobody would miss: the result is dropped, and the task does nothing but give one. */
import type { Check } from "./check.js";
import { isResultDropped } from "./dropped-result.js";
import { taskEffects } from "./task-effects.js";

/** `result-unused`. */
export const resultUnused: Check = (all, report) => {
  const effects = taskEffects(all);
  const maps = new Set(all.calls.filter(({ method }) => method === "map").map(({ node }) => node));
  for (const { node, method, target } of all.calls) {
    if ((method !== "call" && method !== "ref") || target?.type !== "one") continue;
    if (!isResultDropped(node, (each) => maps.has(each))) continue;
    const fact = target.candidates[0] && all.factOf(target.candidates[0]);
    const type = fact?.result.type;
    if (fact?.declared.kind !== "task" || !type || type.isVoid() || type.isUndefined() || type.isNever()) continue;
    const { changes, noticed } = effects(fact.declared);
    if (changes || noticed) continue;
    const { className, nameNode, id } = fact.declared;
    report({
      code: "result-unused",
      message: `Nothing reads the result of this call, and ${className} does nothing but give it.`,
      node,
      related: [{ node: nameNode, message: `no code of ${className} writes, sends, logs or throws` }],
      hint: "Use what it gives, or remove the call.",
      data: { task: id },
    });
  }
};
