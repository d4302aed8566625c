/**
 * Says of most values that fit a schema that they do, without Ajv, which takes longer to load and to make a check than a run takes to start.
 * It never says what is wrong, and never yes where Ajv says no: what it is not sure of is left to validate.ts.
 */
import { isObject } from "../values/is-object.js";
import { isOfKind } from "../values/kinds.js";
import { Ref } from "../values/ref.js";
import { FORMATS } from "./formats.js";
import { type JsonSchema, KIND_KEYWORD } from "./json-schema.js";
import { missingNames } from "./required-keyword.js";
import { namedSchema } from "./resolve-ref.js";

/** True for a value that certainly fits. */
export type Sight = (value: unknown) => boolean;

/** What the tests of one document share. */
interface Document {
  readonly root: JsonSchema;
  /** By schema, since schemas may hold themselves. */
  readonly sights: Map<JsonSchema, Sight>;
  /** Whether a Ref may stand for any value: in a union it does not tell which member is meant. */
  readonly refs: boolean;
}

/** Makes the test of a keyword's value; undefined for one that asks for nothing. */
type Keyword<K extends keyof JsonSchema> = (
  given: NonNullable<JsonSchema[K]>,
  schema: JsonSchema,
  document: Document,
) => Sight | undefined;

/** Makes the test of a schema. It is cheap: keywords are read, nothing is compiled. */
export function fitsAtSight(schema: JsonSchema): Sight {
  return sightOf(schema, { root: schema, sights: new Map(), refs: true });
}

function sightOf(schema: JsonSchema, document: Document): Sight {
  const known = document.sights.get(schema);
  if (known) return known;
  let tests: readonly Sight[] = [];
  const sight: Sight = (value) => {
    for (const test of tests) if (!test(value)) return false;
    return true;
  };
  document.sights.set(schema, sight);
  tests = testsOf(schema, document);
  return sight;
}

function testsOf(schema: JsonSchema, document: Document): readonly Sight[] {
  const tests: Sight[] = [];
  for (const [keyword, given] of Object.entries(schema)) {
    if (!Object.hasOwn(KEYWORDS, keyword)) return [unsure];
    // Safe: the table has the maker for each keyword under its name.
    const make = KEYWORDS[keyword as keyof typeof KEYWORDS] as Keyword<keyof JsonSchema>;
    const test = make(given, schema, document);
    if (test) tests.push(test);
  }
  return tests;
}

const unsure: Sight = () => false;

const TYPES: Readonly<Record<NonNullable<JsonSchema["type"]>, Sight>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  object: isObject,
  array: Array.isArray,
};

/** Keywords that it knows; a schema with another is left to Ajv. */
const KEYWORDS = {
  title: () => undefined,
  description: () => undefined,
  default: () => undefined,
  $defs: () => undefined,
  $ref(ref, _schema, document) {
    const target = namedSchema(ref, document.root);
    return target ? sightOf(target, document) : unsure;
  },
  type: (type) => (Object.hasOwn(TYPES, type) ? TYPES[type] : unsure),
  const: (literal) => (value) => value === literal,
  enum: (literals) => (value) => literals.some((literal) => literal === value),
  anyOf(members, _schema, document) {
    const inside = document.refs ? { ...document, sights: new Map(), refs: false } : document;
    const tests = members.map((member) => sightOf(member, inside));
    return (value) => tests.some((test) => test(value));
  },
  allOf: (members, _schema, document) => every(members.map((member) => sightOf(member, document))),
  properties(properties, _schema, document) {
    const tests = Object.entries(properties).map(([name, schema]) => [name, partSight(schema, document)] as const);
    return (value) => !isObject(value) || tests.every(([name, test]) => !has(value, name) || test(value[name]));
  },
  required(names, schema, { root }) {
    const missing = missingNames(names, schema, root);
    return (value) => !isObject(value) || missing(value).length === 0;
  },
  additionalProperties(given, { properties = {} }, document) {
    const test = partSight(given, document);
    return (value) =>
      !isObject(value) || Object.keys(value).every((name) => Object.hasOwn(properties, name) || test(value[name]));
  },
  items(given, { prefixItems = [] }, document) {
    const test = partSight(given, document);
    return (value) => !Array.isArray(value) || all(value, prefixItems.length, test);
  },
  prefixItems(schemas, _schema, document) {
    const tests = schemas.map((schema) => partSight(schema, document));
    return (value) => !Array.isArray(value) || tests.every((test, i) => i >= value.length || test(value[i]));
  },
  minItems: (least) => (value) => !Array.isArray(value) || value.length >= least,
  maxItems: (most) => (value) => !Array.isArray(value) || value.length <= most,
  minimum: (least) => (value) => typeof value !== "number" || value >= least,
  maximum: (most) => (value) => typeof value !== "number" || value <= most,
  exclusiveMinimum: (limit) => (value) => typeof value !== "number" || value > limit,
  exclusiveMaximum: (limit) => (value) => typeof value !== "number" || value < limit,
  // A character has one or two units.
  minLength: (least) => (value) => typeof value !== "string" || value.length >= 2 * least,
  maxLength: (most) => (value) => typeof value !== "string" || value.length <= most,
  format(name) {
    const test = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
    return test && ((value) => typeof value !== "string" || test(value));
  },
  [KIND_KEYWORD]: (name) => (value) => isOfKind(value, name),
} satisfies { readonly [K in keyof JsonSchema]: Keyword<K> };

/** Of what a list or an object holds. */
function partSight(schema: boolean | JsonSchema, document: Document): Sight {
  if (schema === false) return unsure;
  if (schema === true) return () => true;
  const sight = sightOf(schema, document);
  return document.refs ? (value) => sight(value) || Ref.isRef(value) : sight;
}

function every(tests: readonly Sight[]): Sight {
  return (value) => tests.every((test) => test(value));
}

/** Also of the holes in a list, which its own `every` passes over. */
function all(list: readonly unknown[], from: number, test: Sight): boolean {
  for (let i = from; i < list.length; i++) if (!test(list[i])) return false;
  return true;
}

/** A property that is there; whether it may be undefined is the keyword `required`'s to say. */
function has(value: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(value, name) && value[name] !== undefined;
}
