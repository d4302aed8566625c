/**
 * Fields inside given values that the parameter's type does not have. A task would not mind them, since objects may have more than their type says:
 * in a document somebody writes by hand they are misspelt.
 */
import {
  type JobGraph,
  type JobGraphIssue,
  type Manifest,
  nearestName,
  placeOfKey,
  type RunSignature,
  suggestName,
} from "@millrace/core";
import { partOfSchema } from "./part-of-schema.js";
import { signatureOf } from "./signature-of.js";

/** A field that there is not. */
export interface UnknownField extends JobGraphIssue {
  /** Place in the value of the field that was most likely meant: it is not missing. */
  readonly meant?: string;
}

/** Each such field, with its place in the value. Parameters that there are not are found by the reader of graphs. */
export function checkFields({ nodes }: JobGraph, build: Pick<Manifest, "tasks" | "flows">): readonly UnknownField[] {
  return nodes.flatMap((node, i) => {
    const entry = signatureOf(node, build);
    return Object.entries(node.params ?? {}).flatMap(([name, param]) =>
      entry && "value" in param ? unknownFields(entry, name, param.value, `nodes[${i}].params.${name}`) : [],
    );
  });
}

function unknownFields(
  entry: Pick<RunSignature, "paramsSchema">,
  name: string,
  value: unknown,
  path: string,
): readonly UnknownField[] {
  const issues: UnknownField[] = [];
  const look = (inside: unknown, way: readonly string[], within: string): void => {
    if (typeof inside !== "object" || inside === null) return;
    const isList = Array.isArray(inside);
    // Secrets and other instances are values of their own.
    if (!isList && Object.getPrototypeOf(inside) !== Object.prototype) return;
    for (const [key, one] of Object.entries(inside)) {
      const there = isList ? `${within}[${key}]` : `${within}${placeOfKey(key)}`;
      const part = partOfSchema(entry.paramsSchema, [...way, key], entry.paramsSchema);
      if (part === "unknown") continue;
      if ("missing" in part) {
        if (isList || part.known.length === 0) continue;
        const message = `has no field "${key}". ${suggestName(key, part.known, `It takes ${part.known.join(", ")}`)}`;
        const near = nearestName(key, part.known);
        const meant = near === undefined ? {} : { meant: withoutDot(`${within}${placeOfKey(near)}`) };
        issues.push({ path, message, within: withoutDot(there), ...meant });
      } else look(one, [...way, key], there);
    }
  };
  const way = name.split(".");
  const whole = partOfSchema(entry.paramsSchema, way.slice(0, 1), entry.paramsSchema);
  // What a parameter holds that there is not would only follow from it.
  if (whole === "unknown" || !("missing" in whole)) look(value, way, "");
  return issues;
}

function withoutDot(place: string): string {
  return place.replace(/^\./, "");
}
