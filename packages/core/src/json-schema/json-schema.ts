/** The JSON Schema 2020-12 documents that the compiler writes and the engine checks against. */

/** Keyword for values that JSON has no type for: `{ "x-millrace-kind": "Date" }`; names are those of the values table. */
export const KIND_KEYWORD = "x-millrace-kind";

/** Keyword beside it for what a collection holds: key and value of a `Map`, item of a `Set`. */
export const PARTS_KEYWORD = "x-millrace-parts";

/** A schema: JSON Schema 2020-12 plus the keywords of kinds. `true` and `{}` accept everything. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: "string" | "number" | "integer" | "boolean" | "null" | "object" | "array";
  readonly const?: string | number | boolean | null;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: boolean | JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  /** Schemas of properties by the pattern of their names. */
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** A name of the table `FORMATS`. */
  readonly format?: string;
  /** The TypeScript text of a type that other keywords describe by a pattern alone. */
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  /** Kind of the values table: `Date`, `Map`, `bigint`, `undefined`, …, or the id of a registered class as `value:id`. */
  readonly "x-millrace-kind"?: string;
  /** Schemas of what a Map (key, value) or a Set (item) holds; absent if they hold anything. */
  readonly "x-millrace-parts"?: readonly JsonSchema[];
}
