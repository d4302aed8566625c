/** Checks that tasks and flows can be loaded: threads find them by module and export name. */
import type { Check } from "./check.js";

/** `not-exported`. */
export const notExported: Check = ({ definitions, facts }, report) => {
  for (const { node, kind, holder } of definitions) {
    if (holder) continue;
    report({
      code: "not-exported",
      message: `This ${kind} is no constant of its module, so no thread can load it.`,
      node: node.getExpression(),
      hint: `Write \`export const name = ${node.getExpression().getText()}({ … })\` at the top level of the module.`,
    });
  }
  for (const { declared } of facts) {
    const { className, exportName, form, id, nameNode, source } = declared;
    if (exportName !== undefined) continue;
    report({
      code: "not-exported",
      message: `${className} is not exported by ${source}, so no thread can load it.`,
      node: nameNode,
      hint: `Write \`export ${form.type === "class" ? "class" : "const"} ${className}\`, at the top level of its module.`,
      data: { id, source },
    });
  }
};
