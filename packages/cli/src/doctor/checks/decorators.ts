/** Decorators in the user's own JavaScript. The build compiles them by itself and never depends on these options. */
import { relative } from "node:path";
import { reached } from "../attempt.js";
import { type Check, ok, warning } from "../check.js";
import { mayUseDecorators } from "../decorated-modules.js";
import { effectiveOptions, isOlderThan } from "../effective-options.js";

export const decorators: Check = (site) => {
  const project = reached(site.project);
  const tsconfig = reached(project?.tsconfig);
  if (project === undefined || tsconfig === undefined) return undefined;
  if (!mayUseDecorators(project)) return ok("none: functions make the tasks and flows");
  const options = effectiveOptions(project.root, tsconfig);
  const name = relative(project.root, tsconfig.file);
  const { target, experimentalDecorators: legacy } = options;
  if (options.emits && isOlderThan(target, 2015)) {
    return warning(
      `${name} has target ${target}: its classes cannot extend Task and Flow, which are native classes`,
      'Set "target": "es2022".',
    );
  }
  if (options.emits && !legacy && target === "esnext") {
    return warning(
      `${name} has target esnext: tsc leaves standard decorators as they are, and no Node runs them`,
      'Set "target": "es2022" (or "experimentalDecorators": true); "noEmit": true if another tool makes the JavaScript.',
    );
  }
  const fields = options.useDefineForClassFields ? "" : ", fields by assignment";
  const metadata = options.emitDecoratorMetadata ? "; emitDecoratorMetadata is not needed" : "";
  return ok(`${legacy ? "legacy (experimentalDecorators)" : "standard"}, target ${target}${fields}${metadata}`);
};
