/** Follows `$ref` within one schema document: `#`, `#/$defs/Name`. */
import type { JsonSchema } from "./json-schema.js";

/** The schema that a `$ref` of `root` names; undefined if it names none (or runs in a circle). */
export function resolveRef(schema: JsonSchema, root: JsonSchema): JsonSchema | undefined {
  let current: JsonSchema | undefined = schema;
  for (let hops = 0; current?.$ref !== undefined; hops++) {
    if (hops === 100) return undefined;
    current = namedSchema(current.$ref, root);
  }
  return current;
}

/** The schema that a reference names, which may be a reference again; undefined if it names none. */
export function namedSchema(ref: string, root: JsonSchema): JsonSchema | undefined {
  if (ref === "#") return root;
  const name = refName(ref);
  return name === undefined || !Object.hasOwn(root.$defs ?? {}, name) ? undefined : root.$defs?.[name];
}

/** The name in `#/$defs/Name`. */
export function refName(ref: string): string | undefined {
  const [, name] = /^#\/\$defs\/([^/]+)$/.exec(ref) ?? [];
  return name === undefined ? undefined : decodeURIComponent(name).replace(/~1/g, "/").replace(/~0/g, "~");
}
