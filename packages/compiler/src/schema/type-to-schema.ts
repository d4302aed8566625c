/** TypeScript type → JSON Schema 2020-12, by the processor table. Called for parameters and results. */
import type { JsonSchema } from "@millrace/core";
import type { Node, Type, ts } from "ts-morph";
import { constrained } from "./doc-constraints.js";
import { oneOf } from "./one-of.js";
import { PROCESSORS } from "./processors.js";
import type { Complaint, Refusal, SchemaContext } from "./schema-context.js";
import { kindOf, type TypeKind } from "./type-kind.js";

/** A finished document. */
export interface SchemaResult {
  readonly schema: JsonSchema;
  /** Parts that cannot be sent; empty for a good type. */
  readonly refusals: readonly Refusal[];
  /** Doc tags that demand what cannot be demanded. */
  readonly complaints: readonly Complaint[];
}

/** Deeper than any type that is not growing without end. */
const MAX_DEPTH = 40;
const COMPOSITE: ReadonlySet<TypeKind> = new Set([
  "union",
  "intersection",
  "array",
  "tuple",
  "object",
  "codec",
  "value-class",
]);

/** How a type stands where it is used. */
export interface TypeUse {
  /** Leaves out `undefined`, which absence stands for. */
  readonly optional?: boolean;
  /** What declares it: its doc tags narrow the schema. */
  readonly declaration?: Node | undefined;
}

/** The schema of a type as it is seen at `at`. */
export function typeToSchema(type: Type, at: Node, { optional = false, declaration }: TypeUse = {}): SchemaResult {
  const context = makeContext(at);
  const plain = optional ? context.optionalPart(type) : context.part(type);
  const schema = constrained(plain, declaration ? [declaration] : [], context);
  return finished(schema, context);
}

/** A property of an object that is no type of its own. */
export interface SchemaProperty {
  readonly name: string;
  readonly type: Type;
  readonly required: boolean;
  /** What declares it. */
  readonly declaration: Node | undefined;
}

/** The closed schema of an object with the given properties. */
export function objectToSchema(properties: readonly SchemaProperty[], at: Node): SchemaResult {
  const context = makeContext(at);
  const entries = properties.map(({ name, type, required, declaration }) => {
    const schema = required ? context.part(type, name) : context.optionalPart(type, name);
    return [name, constrained(schema, declaration ? [declaration] : [], context)];
  });
  const required = properties.filter((property) => property.required).map((property) => property.name);
  const schema: JsonSchema = {
    type: "object",
    properties: Object.fromEntries(entries),
    ...(required.length > 0 ? { required: required.sort() } : {}),
    additionalProperties: false,
  };
  return finished(schema, context);
}

function finished(schema: JsonSchema, context: SchemaContext): SchemaResult {
  return { schema: withDefinitions(schema, context), refusals: context.refusals, complaints: context.complaints };
}

function makeContext(at: Node): SchemaContext {
  const path: string[] = [];
  const context: SchemaContext = {
    at,
    defs: new Map(),
    names: new Map(),
    open: [],
    path,
    refusals: [],
    complaints: [],
    part: (type, step) => within(step, () => process(type, context)),
    optionalPart: (type, step) =>
      within(step, () => {
        if (!type.isUnion()) return process(type, context);
        const present = type.getUnionTypes().filter((member) => !member.isUndefined());
        return oneOf(present.map((member) => process(member, context)));
      }),
    refuse(what) {
      context.refusals.push({ path: formatPath(path), what });
      return {};
    },
  };
  return context;

  function within(step: string | undefined, make: () => JsonSchema): JsonSchema {
    if (step === undefined) return make();
    path.push(step);
    const schema = make();
    path.pop();
    return schema;
  }
}

function process(type: Type, context: SchemaContext): JsonSchema {
  const kind = kindOf(type);
  if (!COMPOSITE.has(kind)) return PROCESSORS[kind](type, context);
  const key = type.compilerType;
  const known = context.names.get(key);
  if (known !== undefined) return { $ref: `#/$defs/${known}` };
  if (context.open.includes(key)) return { $ref: `#/$defs/${nameFor(type, context)}` };
  if (context.open.length >= MAX_DEPTH) return {};
  context.open.push(key);
  const schema = PROCESSORS[kind](type, context);
  context.open.pop();
  const name = context.names.get(key);
  if (name === undefined) return schema;
  context.defs.set(name, schema);
  return { $ref: `#/$defs/${name}` };
}

/** Names a type that contains itself. */
function nameFor(type: Type, context: SchemaContext): string {
  const given = type.getAliasSymbol()?.getName() ?? type.getSymbol()?.getName() ?? "";
  const base = /^[A-Za-z_$][\w$]*$/.test(given) && !given.startsWith("__") && given !== "Array" ? given : "Recursive";
  const taken = new Set(context.names.values());
  let name = base;
  for (let n = 2; taken.has(name); n += 1) name = `${base}${n}`;
  context.names.set(type.compilerType as ts.Type, name);
  return name;
}

function withDefinitions(schema: JsonSchema, { defs }: SchemaContext): JsonSchema {
  if (defs.size === 0) return schema;
  const sorted = [...defs].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...schema, $defs: Object.fromEntries(sorted) };
}

/** `options.items[].at` */
function formatPath(path: readonly string[]): string {
  return path.map((step, i) => (i === 0 || /^[[.]/.test(step) ? step : `.${step}`)).join("");
}
