/** Checks that the parameters of `run` are an object type with known properties: each of them is a parameter. */
import { typeText } from "../tasks/type-text.js";
import type { Check } from "./check.js";

/** `params-not-listed`. */
export const unlistedParams: Check = ({ facts }, report) => {
  for (const { declared, unlistedParams: unlisted } of facts) {
    if (!unlisted) continue;
    const { node, type } = unlisted;
    report({
      code: "params-not-listed",
      message: `The parameters of ${declared.className} are \`${typeText(type, node)}\`, whose properties cannot be listed.`,
      node,
      hint: "Give the first parameter of run an object type: ({ city, days = 7 }: { city: string; days?: number }) => ….",
    });
  }
};
