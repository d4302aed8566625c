/**
 * Fields inside given values that the parameter's type does not have. A task would not mind them, since objects may have more than their type says:
 * in a document somebody writes by hand they are misspelt.
 */
import {
  type JobGraph,
  type JobGraphIssue,
  type JsonSchema,
  type Manifest,
  nearestName,
  placeOfKey,
  suggestName,
} from "@millrace/core";
import { type PartPlace, paramParts, withoutDot } from "./param-parts.js";
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
    const schema = signatureOf(node, build)?.paramsSchema;
    if (!schema) return [];
    const fields = new UnknownFields(schema);
    const { whole, split } = paramParts(node.params ?? {});
    for (const part of split) for (const name of part.names) fields.lookFor(name, part);
    for (const { param, ...place } of whole) if ("value" in param) fields.lookInto(param.value, place);
    return fields.found.map((issue) => ({ ...issue, path: `nodes[${i}].params.${issue.path}` }));
  });
}

class UnknownFields {
  readonly found: UnknownField[] = [];
  readonly #schema: JsonSchema;

  constructor(schema: JsonSchema) {
    this.#schema = schema;
  }

  /** Looks at what a value holds, at any depth. */
  lookInto(value: unknown, { way, path, within }: PartPlace): void {
    if (typeof value !== "object" || value === null) return;
    const isList = Array.isArray(value);
    // Secrets and other instances are values of their own.
    if (!isList && Object.getPrototypeOf(value) !== Object.prototype) return;
    for (const [key, inner] of Object.entries(value)) {
      if (!isList && !this.lookFor(key, { way, path, within })) continue;
      const at = isList ? `[${key}]` : placeOfKey(key);
      this.lookInto(inner, { way: [...way, key], path, within: withoutDot(`${within}${at}`) });
    }
  }

  /** Looks at one field of an object; false if there is nothing to be said about what it holds. */
  lookFor(key: string, { way, path, within }: PartPlace): boolean {
    const around = partOfSchema(this.#schema, way, this.#schema);
    // What something holds that there is not would only follow from it.
    if (around === "unknown" || "missing" in around) return false;
    const part = partOfSchema(this.#schema, [...way, key], this.#schema);
    if (part === "unknown") return false;
    if (!("missing" in part)) return true;
    if (part.known.length === 0) return false;
    const near = nearestName(key, part.known);
    this.found.push({
      path,
      message: `has no field "${key}". ${suggestName(key, part.known, `It takes ${part.known.join(", ")}`)}`,
      within: withoutDot(`${within}${placeOfKey(key)}`),
      ...(near === undefined ? {} : { meant: withoutDot(`${within}${placeOfKey(near)}`) }),
    });
    return false;
  }
}
