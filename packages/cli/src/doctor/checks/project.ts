/** The package.json: there, readable, for ES modules, its settings known. */
import { relative } from "node:path";
import { type Check, failure, ok, warning } from "../check.js";

export const project: Check = ({ project: found }) => {
  if (found.status === "rejected") return failure(found.reason);
  const { root, stateDir, packageJson, settings } = found.value;
  if (settings.status === "rejected") return failure(settings.reason);
  if (packageJson.type !== "module") {
    return warning(
      'package.json has no "type": "module"',
      'Add "type": "module" (or name your files .mts): Millrace is loaded by `import`, never by `require`.',
    );
  }
  const names = Object.keys(settings.value);
  const set = names.length === 0 ? "" : `; settings: ${names.join(", ")}`;
  return ok(`package.json for ES modules; output in ${relative(root, stateDir)}${set}`);
};
