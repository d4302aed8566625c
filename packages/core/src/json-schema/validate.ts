/**
 * Checks values against the schemas of the manifest: Ajv for the 2020-12 dialect, the table of kinds for what JSON lacks.
 * Nothing is coerced or filled in; what stands behind a Ref is not looked at. Ajv is heavy: it comes with the first value that does not fit at
 * sight. A door of its own all the same (`@millrace/core/validate`), since few need to say what is wrong with a value.
 */
import type { ErrorObject, FuncKeywordDefinition, SchemaObjCxt, ValidateFunction } from "ajv/dist/2020.js";
import type { AnySchemaObject, DataValidateFunction } from "ajv/dist/types/index.js";
import { didYouMean } from "../names/did-you-mean.js";
import { nearestName } from "../names/nearest-name.js";
import type { Kind } from "../values/kinds/kind.js";
import { isOfKind, kindByName } from "../values/kinds.js";
import { placeOfKey } from "../values/place-of-key.js";
import { Ref } from "../values/ref.js";
import { renderValue } from "../values/render-value.js";
import { chosenBranch } from "./chosen-branch.js";
import { fitsAtSight } from "./fits-at-sight.js";
import { FORMATS } from "./formats.js";
import { type JsonSchema, KIND_KEYWORD, PARTS_KEYWORD } from "./json-schema.js";
import { loadAjv } from "./load-ajv.js";
import { requiredKeyword } from "./required-keyword.js";
import { textChoices } from "./text-choices.js";
import { schemaToTypeText } from "./type-text.js";

/** One thing wrong with a value. */
export interface ValueIssue {
  /** Where: `cities[0].name`; empty for the value itself. */
  readonly path: string;
  /** `missing`: a required property; `unknown`: a property that the type lacks; `mistyped`: of another type; `invalid`: of the type, and against a rule of the schema. */
  readonly problem: "missing" | "unknown" | "mistyped" | "invalid";
  /** The expected type in TypeScript words; for `unknown`, the type of the whole object. */
  readonly expected: string;
  /** The value in at most 60 characters. */
  readonly actual: string;
  /** One sentence. */
  readonly message: string;
}

/** Checks values against one schema; gives nothing if all is well. */
export type Validator = (value: unknown) => readonly ValueIssue[];

const kindKeyword: FuncKeywordDefinition = {
  keyword: KIND_KEYWORD,
  schemaType: "string",
  validate: (name: string, value: unknown) => isOfKind(value, name),
};

/**
 * Makes the check of a schema; it may be kept. A value that does not fit at sight has the schema compiled: for a schema that is none the validator
 * throws an Error of Ajv, and `engine-bundled` where Ajv is not found beside a bundle.
 */
export function compileValidator(schema: JsonSchema): Validator {
  const fits = fitsAtSight(schema);
  let find: ReturnType<typeof findingsOf> | undefined;
  return (value) => {
    if (fits(value)) return [];
    find ??= findingsOf(schema);
    return find(value).map(({ claim, ...issue }) => ({ ...issue, message: `${subject(issue.path)} ${claim}` }));
  };
}

/** An issue whose sentence has no subject yet: the path may get longer. */
type Finding = Omit<ValueIssue, "message"> & { readonly claim: string };

function findingsOf(schema: JsonSchema): (value: unknown) => readonly Finding[] {
  const validate = compileSchema(schema);
  return (value) =>
    rootCauses(failures(validate, value))
      .filter((error) => !standsForMore(error))
      .flatMap((error) => toFindings(error, value, schema));
}

/** A Ref stands for a value that nobody has read: alone, or among the items of a list which a union has to tell from others. */
function standsForMore({ data, keyword }: ErrorObject): boolean {
  return Ref.isRef(data) || (keyword === "anyOf" && Array.isArray(data) && data.some(Ref.isRef));
}

function toFindings(error: ErrorObject, whole: unknown, root: JsonSchema): readonly Finding[] {
  if (error.keyword === PARTS_KEYWORD) {
    const outer = pathText(segments(error), whole);
    // Put there by the keyword below.
    const { inside } = error.params as { readonly inside: readonly Finding[] };
    return inside.map((finding) => ({ ...finding, path: joined(outer, finding.path) }));
  }
  return insideBranch(error, whole, root) ?? [toFinding(error, whole, root)];
}

/** Checks what a collection holds, each part by a schema of its own. */
const partsKeyword: FuncKeywordDefinition = {
  keyword: PARTS_KEYWORD,
  schemaType: "array",
  compile(parts: readonly JsonSchema[], parentSchema: AnySchemaObject, context: SchemaObjCxt): DataValidateFunction {
    const root = context.schemaEnv.root.schema as JsonSchema; // the document that was given to compile
    const kind = kindByName((parentSchema as JsonSchema)[KIND_KEYWORD] ?? "");
    const check: DataValidateFunction = (value: unknown) => {
      if (!kind?.recognise(value)) return true; // the kind's own keyword says so
      const held = heldBy(kind, value);
      const inside = held.flatMap((part, i) => {
        const place = kind.place?.(held, i) ?? "";
        const find = partFindings(parts[i % parts.length] ?? {}, root);
        return find(part).map((finding) => ({ ...finding, path: joined(place, finding.path) }));
      });
      check.errors = inside.length === 0 ? [] : [{ keyword: PARTS_KEYWORD, params: { inside } }];
      return inside.length === 0;
    };
    return check;
  },
};

/** Made when they are first asked for: a collection may hold collections of its own type. */
const partCheckers = new WeakMap<JsonSchema, ReturnType<typeof findingsOf>>();

function partFindings(part: JsonSchema, { $defs }: JsonSchema): ReturnType<typeof findingsOf> {
  let find = partCheckers.get(part);
  if (!find) {
    find = findingsOf($defs ? { ...part, $defs } : part);
    partCheckers.set(part, find);
  }
  return find;
}

/** A collection that cannot be taken apart is the encoder's to refuse. */
function heldBy(kind: Kind, value: unknown): readonly unknown[] {
  try {
    return kind.lower(value);
  } catch {
    return [];
  }
}

function joined(outer: string, inner: string): string {
  if (inner === "" || outer === "") return outer + inner;
  return /^[[.]/.test(inner) ? outer + inner : `${outer}.${inner}`;
}

function failures(validate: ValidateFunction, value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : (validate.errors ?? []);
}

function compileSchema(schema: JsonSchema): ValidateFunction {
  const ajv = new (loadAjv().Ajv2020)({
    allErrors: true,
    strict: false,
    verbose: true,
    ownProperties: true,
    // TypeScript's `number` includes NaN and the infinities, and so does the codec.
    strictNumbers: false,
    formats: FORMATS,
    // Schemas come from the compiler. Without Ajv's own check of them, its meta-schema need not be compiled (about 60 ms).
    validateSchema: false,
    meta: false,
  });
  ajv.addKeyword(kindKeyword).addKeyword(partsKeyword);
  ajv.removeKeyword("required").addKeyword(requiredKeyword);
  return ajv.compile(schema);
}

/** What is wrong inside the member of a discriminated union that the value means to be. */
function insideBranch(error: ErrorObject, whole: unknown, root: JsonSchema): readonly Finding[] | undefined {
  const union = (error.parentSchema as JsonSchema | undefined)?.anyOf;
  const branch = error.keyword === "anyOf" && union ? chosenBranch(union, error.data, root) : undefined;
  if (!branch) return undefined;
  const document = { ...branch, ...(root.$defs ? { $defs: root.$defs } : {}) };
  const inside = rootCauses(failures(compileSchema(document), error.data));
  return inside.flatMap((inner) =>
    toFindings({ ...inner, instancePath: `${error.instancePath}${inner.instancePath}` }, whole, root),
  );
}

/**
 * Ajv reports every branch of a failed `anyOf` before the `anyOf` itself. The branches say what some other type would
 * have needed; only the union's own error is a cause.
 */
function rootCauses(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword === "anyOf" || error.keyword === "not") {
      const inside = (other: ErrorObject): boolean =>
        other.instancePath === error.instancePath || other.instancePath.startsWith(`${error.instancePath}/`);
      while (kept.length > 0 && inside(kept.at(-1) as ErrorObject)) kept.pop();
    }
    kept.push(error);
  }
  return kept;
}

const MISTYPED = new Set(["type", "const", "enum", "anyOf", KIND_KEYWORD, "false schema"]);

function toFinding(error: ErrorObject, whole: unknown, root: JsonSchema): Finding {
  const at = segments(error);
  // Ajv hands over the schema object that holds the failed keyword; schemas of manifests are JsonSchema.
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  if (error.keyword === "required") return missing(error, at, whole, schema, root);
  if (error.keyword === "additionalProperties") return unknownProperty(error, at, whole, schema, root);
  const path = pathText(at, whole);
  const expected = schemaToTypeText(schema, root);
  const hidden = namesSecret(expected);
  const actual = hidden ? withheld(error.data) : renderValue(error.data);
  // The pattern of a type with a text of its own (a template literal) is that type.
  const mistyped = MISTYPED.has(error.keyword) || (error.keyword === "pattern" && schema.title !== undefined);
  return {
    path,
    problem: mistyped ? "mistyped" : "invalid",
    expected,
    actual,
    claim: mistyped
      ? `must be ${expected}, but it is ${actual}.${hidden ? SECRET_ADVICE : choiceAdvice(error.data, schema, root)}`
      : `${error.message ?? "is not valid"}, but it is ${actual}.`,
  };
}

/** True where a secret is expected: what was given instead may be the secret itself, and is not shown. */
export function namesSecret(typeText: string): boolean {
  return /\bSecret\b/.test(typeText);
}

const SECRET_ADVICE = ' Give a reference: Secret.env("NAME") or Secret.file("path").';

function withheld(value: unknown): string {
  return `a value of type ${value === null ? "null" : typeof value}, not shown here`;
}

/** The nearest of the texts that are allowed, as a sentence; empty if there is none. */
function choiceAdvice(given: unknown, schema: JsonSchema, root: JsonSchema): string {
  const question = typeof given === "string" ? didYouMean(given, textChoices(schema, root)) : undefined;
  return question === undefined ? "" : ` ${question}`;
}

function missing(
  error: ErrorObject,
  at: readonly string[],
  whole: unknown,
  schema: JsonSchema,
  root: JsonSchema,
): Finding {
  const name = String((error.params as { readonly missingProperty?: unknown }).missingProperty);
  const type = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
  const path = pathText([...at, name], whole);
  const expected = type ? schemaToTypeText(type, root) : "unknown";
  return {
    path,
    problem: "missing",
    expected,
    actual: "undefined",
    claim: `is missing; it must be ${expected}.`,
  };
}

function unknownProperty(
  error: ErrorObject,
  at: readonly string[],
  whole: unknown,
  schema: JsonSchema,
  root: JsonSchema,
): Finding {
  const name = String((error.params as { readonly additionalProperty?: unknown }).additionalProperty);
  const path = pathText([...at, name], whole);
  const expected = schemaToTypeText(schema, root);
  const given = (error.data as Record<string, unknown>)[name];
  const known = Object.keys(schema.properties ?? {});
  const near = nearestName(name, known);
  const advice = near
    ? `did you mean "${near}"?`
    : known.length > 0
      ? `known are ${known.map((key) => `"${key}"`).join(", ")}.`
      : "there are none.";
  return {
    path,
    problem: "unknown",
    expected,
    actual: namesSecret(expected) ? withheld(given) : renderValue(given),
    claim: `is no known property; ${advice}`,
  };
}

function subject(path: string): string {
  return path === "" ? "The value" : `"${path}"`;
}

/** `/cities/0/name` → `cities[0].name`; a number is an index where an array is. */
function pathText(at: readonly string[], whole: unknown): string {
  let path = "";
  let current: unknown = whole;
  for (const segment of at) {
    path += Array.isArray(current) ? `[${segment}]` : placeOfKey(segment);
    current =
      typeof current === "object" && current !== null ? (current as Record<string, unknown>)[segment] : undefined;
  }
  return path.startsWith(".") ? path.slice(1) : path;
}

function segments({ instancePath }: ErrorObject): readonly string[] {
  return instancePath.split("/").slice(1).map(unescapePointer);
}

function unescapePointer(segment: string): string {
  return segment.replace(/~1/g, "/").replace(/~0/g, "~");
}
