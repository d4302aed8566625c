/** Parameters, once the values that they refer to are there. */
import { MillraceError } from "../errors/millrace-error.js";
import type { JobParam } from "./job-graph.js";
import { type JobReference, parsePath, parseTemplate, referencesOf, referenceText } from "./job-reference.js";

/** Where the values come from. */
export interface ParamSources {
  /** Who takes them, for messages. */
  readonly taker: string;
  /** A value that references name; undefined if there is none. */
  find(from: string): { readonly value: unknown } | undefined;
}

/** The parameter object. @throws MillraceError `reference-missing` if a value lacks what is taken of it. */
export function fillParams(params: Readonly<Record<string, JobParam>>, sources: ParamSources): object {
  const filled: Record<string, unknown> = {};
  for (const [path, param] of Object.entries(params))
    place(filled, parsePath(path) ?? [path], fillParam(param, sources));
  return filled;
}

/** The value of one parameter. @throws MillraceError `reference-missing`. */
export function fillParam(param: JobParam, sources: ParamSources): unknown {
  if ("value" in param) return param.value;
  if ("template" in param) return textOf(param.template, sources);
  if ("list" in param) return param.list.map((item) => fillParam(item, sources));
  if ("fields" in param)
    return Object.fromEntries(Object.entries(param.fields).map(([name, part]) => [name, fillParam(part, sources)]));
  const [reference] = referencesOf(param);
  return reference && partOf(reference, sources);
}

function textOf(template: string, sources: ParamSources): string {
  const parts = parseTemplate(template);
  // Templates are checked when their document is read.
  if ("wrong" in parts) return template;
  return parts.map((one) => (typeof one === "string" ? one : scalar(one, partOf(one, sources), sources))).join("");
}

function scalar(reference: JobReference, value: unknown, sources: ParamSources): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const what = value === null || value === undefined ? String(value) : "no text, number or boolean";
  throw missing(reference, `is ${what}, and cannot stand in a text`, sources);
}

/** The part of a value, over own properties alone. A part that is there and undefined counts as there. */
function partOf(reference: JobReference, sources: ParamSources): unknown {
  let value = sources.find(reference.from)?.value;
  for (const segment of reference.path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment))
      throw missing(reference, `is not there: the value has no "${segment}" at that place`, sources);
    value = (value as Readonly<Record<string, unknown>>)[segment];
  }
  return value;
}

function place(params: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    params[name] = value;
    return;
  }
  // What stands there already was made here: the reader refuses parameters inside others that are given whole.
  params[name] ??= {};
  place(params[name] as Record<string, unknown>, rest, value);
}

function missing(reference: JobReference, what: string, { taker }: ParamSources): MillraceError {
  const text = referenceText(reference);
  return new MillraceError("reference-missing", `${taker} takes ${text}, which ${what}.`, {
    hint: `Correct the reference, or what ${reference.from} gives: \`flow show\` tells what the run did.`,
    data: { node: taker, reference: text },
  });
}
