/** Follows `$ref` within one schema document: `#`, `#/$defs/Name`. */
import type { JsonSchema } from "./json-schema.js";

/** The schema that a `$ref` of `root` names; undefined if it names none (or runs in a circle). */
export function resolveRef(schema: JsonSchema, root: JsonSchema): JsonSchema | undefined {
  let current: JsonSchema | undefined = schema;
  for (let hops = 0; current?.$ref !== undefined; hops++) {
    if (hops === 100) return undefined;
    const name = refName(current.$ref);
    if (current.$ref === "#") current = root;
    else current = name === undefined || !Object.hasOwn(root.$defs ?? {}, name) ? undefined : root.$defs?.[name];
  }
  return current;
}

/** The name in `#/$defs/Name`. */
export function refName(ref: string): string | undefined {
  const [, name] = /^#\/\$defs\/([^/]+)$/.exec(ref) ?? [];
  return name === undefined ? undefined : decodeURIComponent(name).replace(/~1/g, "/").replace(/~0/g, "~");
}
