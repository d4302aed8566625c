/** Check `definition-invalid`, of bodies: the graph of a flow is read from its `run`, so that is a function of the project. */
import type { Declared } from "../project/declared.js";
import type { Analysis } from "./analysis.js";

/** Looks at one flow. A class without `run` is no class that TypeScript accepts. */
export function checkBody(analysis: Analysis, flow: Declared): void {
  const { form, className, id } = flow;
  const run = form.type === "function" ? form.definition.getProperty("run") : undefined;
  if (!run || analysis.callables.runOf(flow)) return;
  analysis.report({
    code: "definition-invalid",
    severity: "error",
    message: `The \`run\` of flow ${className} is no function of the project, so its graph cannot be known.`,
    span: analysis.model.spanOf(run),
    related: [],
    hint: "Write the function in place, or name one that the project declares.",
    data: { flow: id },
  });
}
