/**
 * What may follow a firing, for rules of data as for those of the build. References to the token are followed as far as its shape is known: who
 * passes the type of a token on in another token's field has said what follows.
 */
import type { JobParam } from "../job-graph/job-graph.js";
import { type JobReference, referencesOf, referenceText } from "../job-graph/job-reference.js";
import type { Manifest } from "../manifest/manifest.js";
import type { Emits, RuleEntry, TokenShape } from "./rule-entry.js";
import type { NextToken, RuleSet, RuleSpec, Token } from "./rule-set.js";

/** What references of a rule can be followed to. */
export interface KnownValues {
  readonly variables: RuleSet["variables"];
  /** What all tokens have that the firing may be on; undefined: nothing is known. */
  readonly token?: TokenShape;
}

/** A value that is the same in every firing. */
interface Constant {
  readonly value: unknown;
}

const END: Emits = { type: "end" };

/** What the build knows of the rule class that a rule runs; undefined for other rules. */
export function entryOf({ run }: Pick<RuleSpec, "run">, { tasks }: Pick<Manifest, "tasks">): RuleEntry | undefined {
  return run && "rule" in run && Object.hasOwn(tasks, run.rule) ? tasks[run.rule]?.rule : undefined;
}

/** What follows success: what `next` says, of the document or of the class. */
export function emitsOfRule(rule: RuleSpec, entry: RuleEntry | undefined, known: KnownValues): Emits {
  return entry?.emits ?? emitsOfNext(rule.next ?? [], known);
}

/** What some entries of `next` say. */
export function emitsOfNext(next: readonly NextToken[], known: KnownValues): Emits {
  return listOf(
    next.map((each) => {
      const emits = emitsOfOne(each, known);
      return each.each === undefined || emits.type === "end" ? emits : { type: "each", of: emits };
    }),
  );
}

/** The shape of a token that is known to the last, but for the values of some keys. */
export function shapeOf(has: Token, others: readonly string[] = []): TokenShape {
  return { name: typeof has.type === "string" ? has.type : nameOf(has, others), has, others };
}

/** A value as text, the same for equal ones. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
}

function nameOf(has: Token, others: readonly string[]): string {
  const known = textOf(has);
  if (others.length === 0) return known;
  return `${known.slice(0, -1)}${known === "{}" ? "" : ","}${others.map((key) => `${JSON.stringify(key)}:…`).join()}}`;
}

function emitsOfOne(next: NextToken, known: KnownValues): Emits {
  if ("return" in next) return { type: "return" };
  const tokens = tokensOf(next.token, known);
  return next.back === undefined || tokens.type === "end"
    ? tokens
    : { type: "call", enters: tokens, back: tokensOf(next.back, known) };
}

/** A parameter that gives a token, a list of them, or none. */
function tokensOf(param: JobParam, known: KnownValues): Emits {
  if ("list" in param) return listOf(param.list.map((item) => tokensOf(item, known)));
  if ("fields" in param) return tokenOfFields(param.fields, known);
  const constant = constantOf(param, known);
  if (constant) return tokensIn(constant.value);
  const [reference] = referencesOf(param);
  if (reference?.from === "token" && reference.path.length === 0 && known.token) {
    return { type: "token", token: known.token };
  }
  return symbolic(reference, "it is");
}

function tokensIn(value: unknown): Emits {
  if (Array.isArray(value)) return listOf(value.map(tokensIn));
  return isObject(value) ? { type: "token", token: shapeOf(value) } : END;
}

function tokenOfFields(fields: Readonly<Record<string, JobParam>>, known: KnownValues): Emits {
  const { type } = fields;
  if (type && !constantOf(type, known)) return symbolic(referencesOf(type)[0], "its type is");
  const has = constantsOf(fields, known);
  return {
    type: "token",
    token: shapeOf(
      has,
      Object.keys(fields).filter((name) => !Object.hasOwn(has, name)),
    ),
  };
}

/** The fields that are the same in every firing. */
function constantsOf(fields: Readonly<Record<string, JobParam>>, known: KnownValues): Token {
  const found: [string, unknown][] = [];
  for (const [name, param] of Object.entries(fields)) {
    const constant = constantOf(param, known);
    if (constant) found.push([name, constant.value]);
  }
  return Object.fromEntries(found);
}

function constantOf(param: JobParam, known: KnownValues): Constant | undefined {
  if ("value" in param) return { value: param.value };
  if ("fields" in param) {
    const inner = constantsOf(param.fields, known);
    return Object.keys(inner).length === Object.keys(param.fields).length ? { value: inner } : undefined;
  }
  if (!("from" in param)) return undefined;
  const [reference] = referencesOf(param);
  if (reference?.from === "vars") return partOf(known.variables, reference.path);
  // Of the whole token more may be there than is known.
  return reference?.from === "token" && reference.path.length > 0
    ? partOf(known.token?.has, reference.path)
    : undefined;
}

function partOf(whole: unknown, path: readonly string[]): Constant | undefined {
  let at = whole;
  for (const segment of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = Reflect.get(at, segment);
  }
  return at === undefined ? undefined : { value: at };
}

function symbolic(reference: JobReference | undefined, is: string): Emits {
  if (!reference) return { type: "symbolic", reason: `${is} made of a text` };
  const reason = `${is} ${referenceText(reference)}`;
  return reference.from === "token" ? { type: "symbolic", reason, from: reference.path } : { type: "symbolic", reason };
}

function listOf(all: readonly Emits[]): Emits {
  const some = all.filter(({ type }) => type !== "end");
  const [only] = some;
  return only && some.length === 1 ? only : some.length > 0 ? { type: "list", of: some } : END;
}

function isObject(value: unknown): value is Token {
  return typeof value === "object" && value !== null;
}
