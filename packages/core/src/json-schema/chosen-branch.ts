/** Which member of a discriminated union a value means to be, by the property whose literals tell the members apart. */
import type { JsonSchema } from "./json-schema.js";
import { resolveRef } from "./resolve-ref.js";

/** The one member whose discriminant the value has; undefined if the union has none, or the value another. */
export function chosenBranch(union: readonly JsonSchema[], value: unknown, root: JsonSchema): JsonSchema | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const objects = union.flatMap((branch) => {
    const plain = resolveRef(branch, root);
    return plain?.type === "object" ? [plain] : [];
  });
  const names = Object.keys(objects[0]?.properties ?? {}).filter((name) =>
    objects.every((branch) => literalsOf(branch, name).length > 0),
  );
  for (const name of names) {
    if (!Object.hasOwn(value, name)) continue;
    const given: unknown = Reflect.get(value, name);
    const meant = objects.filter((branch) => literalsOf(branch, name).some((literal) => literal === given));
    if (meant.length === 1) return meant[0];
  }
  return undefined;
}

function literalsOf({ properties = {} }: JsonSchema, name: string): readonly unknown[] {
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  return property?.enum ?? (property?.const === undefined ? [] : [property.const]);
}
