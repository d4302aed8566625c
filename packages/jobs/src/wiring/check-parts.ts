/**
 * Parameters that hold references, as far as they can be checked before there are results: the values beside the references fit, and what the
 * type requires is given. Fields that there are not are found by `check-fields`, references that do not fit by `check-references`.
 */
import type { JobBuild, JobGraph, JobGraphIssue, JsonSchema, Manifest } from "@millrace/core";
import { paramParts, type SplitPart, type WholePart } from "./param-parts.js";
import { partOfSchema } from "./part-of-schema.js";
import { signatureOf } from "./signature-of.js";

/** All that does not fit. Parameters that are one value are checked by the reader of graphs. */
export function checkParts(
  { nodes }: JobGraph,
  build: Pick<Manifest, "tasks" | "flows">,
  check: JobBuild["check"],
): readonly JobGraphIssue[] {
  return nodes.flatMap((node, i) => {
    const root = signatureOf(node, build)?.paramsSchema;
    if (!root) return [];
    const { whole, split } = paramParts(node.params ?? {});
    const issues = [
      ...whole.flatMap((part) => misfits(part, root, check)),
      ...split.flatMap((part) => gaps(part, root)),
    ];
    return issues.map(({ path, ...issue }) => ({ ...issue, path: `nodes[${i}].params.${path}` }));
  });
}

/** A value beside references. */
function misfits(
  { param, way, path, within }: WholePart,
  root: JsonSchema,
  check: JobBuild["check"],
): readonly JobGraphIssue[] {
  if (way.length < 2 || !("value" in param)) return [];
  const part = partOfSchema(root, way, root);
  if (part === "unknown" || "missing" in part) return [];
  const schema: JsonSchema = { anyOf: part.schemas, ...(root.$defs ? { $defs: root.$defs } : {}) };
  return check(schema, param.value).map((issue) => {
    const inner = issue.path.startsWith("[") || within === "" || issue.path === "" ? issue.path : `.${issue.path}`;
    return { path, message: `cannot be used: ${issue.message}`, within: `${within}${inner}` };
  });
}

/** What an object lacks; of a union it is not known which of its types is meant. */
function gaps({ way, path, within, names }: SplitPart, root: JsonSchema): readonly JobGraphIssue[] {
  const part = partOfSchema(root, way, root);
  if (part === "unknown" || "missing" in part) return [];
  const objects = part.schemas.filter(({ type }) => type === "object");
  const [schema] = objects;
  if (objects.length !== 1 || !schema) return [];
  const known = Object.keys(schema.properties ?? {});
  // Something misspelt may be what is missing.
  if (known.length > 0 && [...names].some((name) => !known.includes(name))) return [];
  return (schema.required ?? [])
    .filter((name) => !names.has(name))
    .map((name) => ({ path, message: `lacks "${name}", which its type needs`, within }));
}
