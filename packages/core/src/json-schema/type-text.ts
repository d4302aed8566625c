/** A schema as TypeScript text, for people: in messages, help and manifests. Not the code generator of the build. */
import { kindByName } from "../values/kinds.js";
import type { JsonSchema } from "./json-schema.js";
import { KIND_KEYWORD, PARTS_KEYWORD } from "./json-schema.js";
import { refName, resolveRef } from "./resolve-ref.js";

/**
 * The TypeScript text of a schema: `{ city: string; days?: number }[]`, `"a" | "b"`, `Date`.
 * @param root The document whose `$defs` a `$ref` means; the schema itself by default. Types that contain themselves
 * are named where they come again.
 */
export function schemaToTypeText(schema: JsonSchema | boolean, root?: JsonSchema): string {
  const document = root ?? (typeof schema === "boolean" ? {} : schema);
  return new TypeText(document).of(schema);
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

class TypeText {
  readonly #root: JsonSchema;
  readonly #open = new Set<string>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  of(schema: JsonSchema | boolean | undefined): string {
    if (schema === undefined || schema === true) return "unknown";
    if (schema === false) return "never";
    const [, write] = this.#writers.find(([keyword]) => schema[keyword] !== undefined) ?? [];
    return write ? write(schema) : "unknown";
  }

  /** The first keyword that is present decides. */
  readonly #writers: readonly (readonly [keyword: keyof JsonSchema, write: (schema: JsonSchema) => string])[] = [
    ["$ref", (schema) => this.#ref(schema)],
    [KIND_KEYWORD, (schema) => this.#kind(schema)],
    ["title", (schema) => schema.title ?? "unknown"],
    ["const", (schema) => JSON.stringify(schema.const)],
    ["enum", (schema) => union((schema.enum ?? []).map((value) => JSON.stringify(value)))],
    ["anyOf", (schema) => union((schema.anyOf ?? []).map((branch) => this.of(branch)))],
    ["allOf", (schema) => (schema.allOf ?? []).map((part) => grouped(this.of(part))).join(" & ")],
    ["type", (schema) => this.#type(schema)],
    ["properties", (schema) => this.#object(schema)],
    ["prefixItems", (schema) => this.#array(schema)],
    ["items", (schema) => this.#array(schema)],
  ];

  #type(schema: JsonSchema): string {
    if (schema.type === "object") return this.#object(schema);
    if (schema.type === "array") return this.#array(schema);
    return schema.type === "integer" ? "number" : (schema.type ?? "unknown");
  }

  #kind(schema: JsonSchema): string {
    const name = schema[KIND_KEYWORD] ?? "";
    const parts = schema[PARTS_KEYWORD];
    return parts ? `${name}<${parts.map((part) => this.of(part)).join(", ")}>` : kindText(name);
  }

  #ref(schema: JsonSchema): string {
    const ref = schema.$ref ?? "";
    const target = resolveRef(schema, this.#root);
    if (!target || this.#open.has(ref)) return refName(ref) ?? "unknown";
    this.#open.add(ref);
    const text = this.of(target);
    this.#open.delete(ref);
    return text;
  }

  #array(schema: JsonSchema): string {
    if (!schema.prefixItems && schema.items === false) return "[]";
    if (!schema.prefixItems) return `${grouped(this.of(schema.items))}[]`;
    const least = schema.minItems ?? schema.prefixItems.length;
    const items = schema.prefixItems.map((item, i) => (i < least ? this.of(item) : `${grouped(this.of(item))}?`));
    if (schema.items !== undefined && schema.items !== false) items.push(`...${grouped(this.of(schema.items))}[]`);
    return `[${items.join(", ")}]`;
  }

  #object(schema: JsonSchema): string {
    const required = new Set(schema.required);
    const fields = Object.entries(schema.properties ?? {}).map(([key, value]) => {
      const name = IDENTIFIER.test(key) ? key : JSON.stringify(key);
      return `${name}${required.has(key) ? "" : "?"}: ${this.of(value)}`;
    });
    const [byPattern] = Object.values(schema.patternProperties ?? {});
    const rest = schema.additionalProperties ?? byPattern;
    if (typeof rest === "object") {
      if (fields.length === 0) return `Record<string, ${this.of(rest)}>`;
      fields.push(`[key: string]: ${this.of(rest)}`);
    }
    if (fields.length > 0) return `{ ${fields.join("; ")} }`;
    return rest === false ? "{}" : "object";
  }
}

function kindText(name: string): string {
  if (name.startsWith("value:")) return name.slice("value:".length);
  return kindByName(name)?.typeText ?? name;
}

function union(texts: readonly string[]): string {
  const different = [...new Set(texts)];
  return different.length === 0 ? "never" : different.join(" | ");
}

/** Parentheses around what binds less than `[]` and `&`. */
function grouped(text: string): string {
  return / [|&] /.test(withoutGroups(text)) ? `(${text})` : text;
}

/** The text without quoted parts and what stands in brackets, so that only outer operators are left. */
function withoutGroups(text: string): string {
  let depth = 0;
  let outer = "";
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|[\s\S]/g)) {
    if ("([{<".includes(piece)) depth += 1;
    if (depth === 0 && piece.length === 1) outer += piece;
    if (")]}>".includes(piece)) depth -= 1;
  }
  return outer;
}
