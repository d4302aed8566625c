/** The package.json: there, readable, its settings known. Projects of commands need none. */
import { relative } from "node:path";
import { type Check, failure, ok } from "../check.js";

export const project: Check = ({ project: found }) => {
  if (found.status === "rejected") return failure(found.reason);
  const { root, isPackage, stateDir, packageJson, settings } = found.value;
  if (!isPackage) return ok(`a project of commands without a package.json; output in ${relative(root, stateDir)}`);
  if (settings.status === "rejected") return failure(settings.reason);
  const names = Object.keys(settings.value);
  const set = names.length === 0 ? "" : `; settings: ${names.join(", ")}`;
  const format = packageJson.type === "module" ? "ES modules" : "CommonJS";
  return ok(`package.json for ${format}; output in ${relative(root, stateDir)}${set}`);
};
