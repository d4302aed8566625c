/**
 * References to results, as they stand in parameters and templates.
 *
 *   reference = node-id [ "." path ]      path = segment { "." segment }      a segment of digits is an index of a list, too
 *   template  = text with "${{" reference "}}" in it; "$${{" stands for "${{"
 */
import type { JobNode, JobParam } from "./job-graph.js";

/** A result, or a part of one. */
export interface JobReference {
  /** Node id. */
  readonly from: string;
  /** Names and indices that lead to the part; empty for the whole. */
  readonly path: readonly string[];
}

/** Names that lead to what objects inherit. */
const INHERITED: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

const ID = /^[^\s./{}[\]"'`$]+$/u;

/** True for a text that can name a node. */
export function isNodeId(text: unknown): text is string {
  return typeof text === "string" && ID.test(text) && !INHERITED.has(text);
}

/** The segments of a path; undefined if it is none. */
export function parsePath(text: string): readonly string[] | undefined {
  const segments = text.split(".");
  return segments.every((segment) => segment !== "" && !INHERITED.has(segment)) ? segments : undefined;
}

/** Takes a template apart into texts and references; a text where it is wrong, for people. */
export function parseTemplate(template: string): readonly (string | JobReference)[] | { readonly wrong: string } {
  const parts: (string | JobReference)[] = [];
  let text = "";
  let at = 0;
  while (at < template.length) {
    if (template.startsWith("$${{", at)) {
      text += "${{";
      at += 4;
    } else if (template.startsWith("${{", at)) {
      const end = template.indexOf("}}", at);
      if (end < 0) return { wrong: `has a reference without an end: ${template.slice(at)}` };
      const inside = template.slice(at + 3, end).trim();
      const reference = parseReference(inside);
      if (!reference) return { wrong: `has a reference that is none: \${{ ${inside} }}` };
      if (text !== "") parts.push(text);
      parts.push(reference);
      text = "";
      at = end + 2;
    } else {
      text += template[at];
      at += 1;
    }
  }
  if (text !== "") parts.push(text);
  return parts;
}

/** The references of a parameter whose form has been checked. */
export function referencesOf(param: JobParam): readonly JobReference[] {
  if ("from" in param)
    return [{ from: param.from, path: param.path === undefined ? [] : (parsePath(param.path) ?? []) }];
  if ("list" in param) return param.list.flatMap(referencesOf);
  if ("fields" in param) return Object.values(param.fields).flatMap(referencesOf);
  if (!("template" in param)) return [];
  const parts = parseTemplate(param.template);
  return "wrong" in parts ? [] : parts.filter((part) => typeof part !== "string");
}

/** The nodes whose results a node takes, each once. */
export function sourcesOf({ params = {} }: JobNode): ReadonlySet<string> {
  return new Set(Object.values(params).flatMap((param) => referencesOf(param).map(({ from }) => from)));
}

/** `fetch.user.name`. */
export function referenceText({ from, path }: JobReference): string {
  return [from, ...path].join(".");
}

function parseReference(text: string): JobReference | undefined {
  const [from, ...path] = text.split(".");
  if (!isNodeId(from) || path.some((segment) => parsePath(segment) === undefined)) return undefined;
  return { from, path };
}
