/** The texts that a schema allows, if it names them one by one: for hints about misspelt values. */
import type { JsonSchema } from "./json-schema.js";
import { resolveRef } from "./resolve-ref.js";

/** `["merry", "grave"]` of an enumeration or union of literals, through references; empty for all other schemas. */
export function textChoices(schema: JsonSchema, root: Pick<JsonSchema, "$defs">): readonly string[] {
  const plain = resolveRef(schema, root);
  if (plain === undefined) return [];
  const own = [...(plain.enum ?? []), ...(plain.const === undefined ? [] : [plain.const])];
  const texts = own.filter((choice) => typeof choice === "string");
  return [...texts, ...(plain.anyOf ?? []).flatMap((part) => textChoices(part, root))];
}
