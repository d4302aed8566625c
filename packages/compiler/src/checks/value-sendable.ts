/** Checks that parameters and results survive the way to a thread and into the store. */
import type { Node } from "ts-morph";
import type { Refusal } from "../schema/schema-context.js";
import { typeToSchema } from "../schema/type-to-schema.js";
import type { Check } from "./check.js";

const HINT =
  "Send plain data (numbers, text, dates, maps, sets, buffers, errors, objects and arrays of them) or classes with @value({ id }); make the rest inside the step.";

/** `value-not-sendable`. */
export const valueSendable: Check = ({ facts, generics }, report) => {
  const seen = new Set<string>();
  const once = (
    node: Node,
    refusals: readonly Refusal[],
    sentence: (refusal: Refusal) => string,
    root: string,
  ): void => {
    for (const refusal of refusals) {
      const path = pathFrom(root, refusal.path);
      const key = `${node.getSourceFile().getFilePath()}:${node.getPos()}:${path}`;
      if (seen.has(key)) continue; // inherited by more than one declaration
      seen.add(key);
      report({
        code: "value-not-sendable",
        message: sentence({ ...refusal, path }),
        node,
        hint: HINT,
        data: { path, what: refusal.what },
      });
    }
  };
  for (const { declared, params, result, rule } of facts) {
    const { className } = declared;
    for (const param of params) {
      const sentence = ({ path, what }: Refusal): string =>
        `Parameter "${path}" of ${className} is ${what}, which cannot be sent to a step.`;
      once(param.nameNode, param.schema.refusals, sentence, param.name);
    }
    const sentence = ({ path, what }: Refusal): string =>
      `"${path}" of ${className} is ${what}, which cannot be recorded.`;
    once(result.node, result.schema.refusals, sentence, "result");
    for (const type of rule?.given ?? []) {
      once(rule?.node ?? result.node, typeToSchema(type, declared.form.node).refusals, sentence, "token");
    }
  }
  for (const { call, fact, schema } of generics) {
    const [target] = call.node.getArguments();
    // What does not survive whatever the type arguments are has been found at the declaration.
    const everywhere = new Set(fact.params.flatMap((p) => p.schema.refusals.map((r) => pathFrom(p.name, r.path))));
    for (const { path, what } of schema.refusals) {
      if (!target || everywhere.has(path)) continue;
      report({
        code: "value-not-sendable",
        message: `With these type arguments, parameter "${path}" of ${fact.declared.className} is ${what}, which cannot be sent to a step.`,
        node: target,
        hint: HINT,
        data: { path, what },
      });
    }
  }
};

function pathFrom(root: string, path: string): string {
  return `${root}${/^([[.]|$)/.test(path) ? "" : "."}${path}`;
}
