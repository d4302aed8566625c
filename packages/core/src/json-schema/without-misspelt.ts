/** Of what is wrong with a value, the causes: a property that is misspelt is not missing, too. */
import { nearestName } from "../names/nearest-name.js";
import type { ValueIssue } from "./validate.js";

/** The issues without those that follow from a misspelt name. */
export function withoutMisspelt(issues: readonly ValueIssue[]): readonly ValueIssue[] {
  const unknown = issues.filter(({ problem }) => problem === "unknown").map(({ path }) => splitPath(path));
  return issues.filter(({ problem, path }) => {
    if (problem !== "missing") return true;
    const [around, name] = splitPath(path);
    return !unknown.some(([where, given]) => where === around && nearestName(given, [name]) !== undefined);
  });
}

/** What a property stands in, and its name. */
function splitPath(path: string): readonly [string, string] {
  const dot = path.lastIndexOf(".");
  return [path.slice(0, Math.max(dot, 0)), path.slice(dot + 1)];
}
