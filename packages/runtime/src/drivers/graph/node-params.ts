/** The parameters of a node, once the results that they refer to are there. */
import {
  isMillraceError,
  type JobNode,
  type JobParam,
  type JobReference,
  MillraceError,
  parsePath,
  parseTemplate,
  referencesOf,
  referenceText,
} from "@millrace/core";
import type { GraphResults } from "./graph-results.js";

/** The parameter object; the error `reference-missing` if a result lacks what is taken of it. @throws what reading damaged results throws. */
export function paramsOf(node: JobNode, results: Pick<GraphResults, "find">): object | MillraceError {
  const params: Record<string, unknown> = {};
  try {
    for (const [path, param] of Object.entries(node.params ?? {}))
      place(params, parsePath(path) ?? [path], givenBy(node, param, results));
  } catch (error) {
    if (isMillraceError(error) && error.code === "reference-missing") return error;
    throw error;
  }
  return params;
}

function givenBy(node: JobNode, param: JobParam, results: Pick<GraphResults, "find">): unknown {
  if ("value" in param) return param.value;
  if ("template" in param) return textOf(node, param.template, results);
  if ("list" in param) return param.list.map((item) => givenBy(node, item, results));
  if ("fields" in param)
    return Object.fromEntries(Object.entries(param.fields).map(([name, part]) => [name, givenBy(node, part, results)]));
  const [reference] = referencesOf(param);
  return reference && part(node, reference, results);
}

function textOf(node: JobNode, template: string, results: Pick<GraphResults, "find">): string {
  const parts = parseTemplate(template);
  // Templates are checked when the graph is read.
  if ("wrong" in parts) return template;
  return parts.map((one) => (typeof one === "string" ? one : scalar(node, one, part(node, one, results)))).join("");
}

function scalar(node: JobNode, reference: JobReference, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const what = value === null || value === undefined ? String(value) : "no text, number or boolean";
  throw missing(node, reference, `is ${what}, and cannot stand in a text`);
}

/** The part of a result, over own properties alone. A part that is there and undefined counts as there. */
function part(node: JobNode, reference: JobReference, results: Pick<GraphResults, "find">): unknown {
  let value = results.find(reference.from)?.value;
  for (const segment of reference.path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, segment))
      throw missing(node, reference, `is not there: the result has no "${segment}" at that place`);
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

function missing(node: JobNode, reference: JobReference, what: string): MillraceError {
  const text = referenceText(reference);
  return new MillraceError("reference-missing", `${node.id} takes ${text}, which ${what}.`, {
    hint: `Correct the reference, or the result of ${reference.from}: \`flow show\` tells what the run did.`,
    data: { node: node.id, reference: text },
  });
}
