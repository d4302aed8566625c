/** The TypeScript configuration: readable, with modules that find the SDK and types that mean what they say. */
import { relative } from "node:path";
import { reached } from "../attempt.js";
import { type Check, failure, ok, problem, warning } from "../check.js";
import { effectiveOptions } from "../effective-options.js";

/** Ways to resolve imports that know nothing of `exports` in a package.json. */
const BLIND = ["node", "node10", "classic"];

export const tsconfig: Check = (site) => {
  const project = reached(site.project);
  if (project === undefined || !project.isPackage) return undefined;
  if (project.tsconfig.status === "rejected") {
    // An installation without sources and without compiler needs none.
    return site.compiler === undefined ? undefined : failure(project.tsconfig.reason);
  }
  const { file } = project.tsconfig.value;
  const { module, moduleResolution, strictNullChecks } = effectiveOptions(project.root, project.tsconfig.value);
  const name = relative(project.root, file);
  if (BLIND.includes(moduleResolution)) {
    return problem(
      `${name} resolves modules by "${moduleResolution}", which does not find millrace/engine and the like`,
      'Set "module": "nodenext", or "moduleResolution": "bundler" if another tool makes the JavaScript.',
    );
  }
  if (!strictNullChecks) {
    return warning(
      `${name} is not strict: null and undefined vanish from the types of parameters and results`,
      'Set "strict": true, or "strictNullChecks": true at least; then run `flow build`.',
    );
  }
  return ok(`${name}: module ${module}, moduleResolution ${moduleResolution}, strict about null`);
};
