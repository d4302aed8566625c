/** Checks that the SDK can be found, and that the project declares something. */
import { SDK_PACKAGES } from "../project/sdk-symbols.js";
import type { Check } from "./check.js";

/** `sdk-not-found`, `nothing-declared`. */
export const sdkReachable: Check = ({ model, classes, definitions }, report) => {
  for (const file of model.files) {
    for (const declaration of file.getImportDeclarations()) {
      const name = declaration.getModuleSpecifierValue();
      if (!SDK_PACKAGES.has(name) || declaration.getModuleSpecifierSourceFile()) continue;
      report({
        code: "sdk-not-found",
        message: `"${name}" cannot be found from ${model.sourceOf(file)}, so no task and no flow is recognised.`,
        node: declaration.getModuleSpecifier(),
        hint: `Install it (npm install ${name}); it needs moduleResolution "nodenext", "node16" or "bundler".`,
      });
      return; // one sentence is enough for a missing package
    }
  }
  const [first] = model.files;
  if (classes.length + definitions.length > 0 || !first) return;
  report({
    code: "nothing-declared",
    message: "The project declares no task and no flow.",
    node: first.getFirstChild() ?? first,
    hint: "Write a class with @task() that extends Task, or a constant with defineTask({ … }), or check which files the tsconfig.json includes.",
  });
};
