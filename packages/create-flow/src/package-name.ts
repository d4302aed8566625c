/** npm's rules for the names of new packages, as sentences. Source: npm's validate-npm-package-name. */
import { builtinModules } from "node:module";
import { UsageError } from "./usage-error.js";

const LONGEST = 214;
const RESERVED = new Set(["node_modules", "favicon.ico", ...builtinModules]);

/** What is wrong with an unscoped name for a package; undefined if nothing is. */
export function packageNameProblem(name: string): string | undefined {
  if (name === "") return "it is empty";
  if (name.length > LONGEST) return `it has more than ${LONGEST} letters`;
  if (/^[._-]/.test(name)) return `it begins with "${name[0]}"`;
  if (name !== name.toLowerCase()) return "it has capital letters";
  const strange = /[^a-z0-9._-]/.exec(name)?.[0];
  if (strange !== undefined) return `it holds ${JSON.stringify(strange)}; letters, digits, dots and dashes are allowed`;
  if (RESERVED.has(name)) return "it is reserved";
  return undefined;
}

/** @throws UsageError `bad-name`. */
export function checkPackageName(name: string): void {
  const problem = packageNameProblem(name);
  if (problem === undefined) return;
  const better = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "")
    .slice(0, LONGEST);
  const usable = better !== "" && packageNameProblem(better) === undefined;
  throw new UsageError(
    "bad-name",
    `"${name}" cannot be the name of a package: ${problem}.`,
    usable ? `Name the folder "${better}".` : 'Choose another name for the folder, such as "my-flows".',
  );
}
