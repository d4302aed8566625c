/** A job graph as a job file. What stands in the file is read back as the same graph, but for edges that references imply. */
import { type JobEdge, type JobGraph, type JobNode, type JobParam, MillraceError, sourcesOf } from "@millrace/core";
import { Document, Scalar } from "yaml";

/** Columns after which texts are not folded: folding would not change them, but hide references. */
const NEVER = 0;

/** The text of the file. @throws MillraceError `job-graph-invalid` for nodes that are neither tasks nor flows. */
export function writeJob({ name, policy, timeout, window, nodes, edges }: JobGraph): string {
  const config = {
    ...(name === undefined ? {} : { name }),
    ...(policy === undefined ? {} : { policy }),
    ...(timeout === undefined ? {} : { timeout: typeof timeout === "number" ? `${timeout}ms` : timeout }),
    ...(window === undefined ? {} : { max_concurrency: window }),
  };
  const document = new Document({
    version: 1,
    ...(Object.keys(config).length > 0 ? { config } : {}),
    tasks: Object.fromEntries(nodes.map((node) => [node.id, taskOf(node, edges)])),
  });
  return document.toString({ lineWidth: NEVER });
}

function taskOf(node: JobNode, edges: readonly JobEdge[]): object {
  const { id, run, params = {}, options, critical, forever } = node;
  if (!("task" in run || "flow" in run)) {
    throw new MillraceError(
      "job-graph-invalid",
      `${id} is neither a task nor a flow, and job files run nothing else.`,
      {
        hint: "Write the graph as JSON.",
        data: { node: id },
      },
    );
  }
  const taken = sourcesOf(node);
  const dependencies = edges.flatMap(({ from, to }) => (to === id && !taken.has(from) ? [from] : []));
  const parameters = Object.fromEntries(Object.entries(params).map(([name, param]) => [name, written(param)]));
  return {
    ...run,
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(dependencies.length > 0 ? { dependencies } : {}),
    ...(options ? { options } : {}),
    ...(critical === undefined ? {} : { critical }),
    ...(forever === undefined ? {} : { forever }),
  };
}

function written(param: JobParam): unknown {
  if ("value" in param) return literal(param.value);
  if ("list" in param) return param.list.map(written);
  if ("fields" in param)
    return Object.fromEntries(Object.entries(param.fields).map(([name, part]) => [name, written(part)]));
  if ("template" in param) return referring(param.template.replace(REFERENCE, reference));
  return referring(`\${{ ${resultOf(param.from, param.path)} }}`);
}

/** Of a template: what is a reference, and what is not looked at because it is a text. */
const REFERENCE = /\$\$\{\{|\$\{\{\s*([^\s.}]+)\.?([^\s}]*)\s*\}\}|\$(?=(?:ENV|VAR|SYS)\{)/g;

function reference(found: string, from: string | undefined, path: string): string {
  if (from !== undefined) return `\${{ ${resultOf(from, path === "" ? undefined : path)} }}`;
  return found === "$" ? "$$" : found;
}

function resultOf(from: string, path: string | undefined): string {
  return path === undefined ? `tasks.${from}.result` : `tasks.${from}.result.${path}`;
}

/** In single quotes neither variables nor references are looked for. */
function literal(value: unknown): unknown {
  if (typeof value === "string") return value.includes("$") ? scalar(value, "QUOTE_SINGLE") : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(literal);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, literal(part)]));
}

function referring(text: string): Scalar {
  return scalar(text, "QUOTE_DOUBLE");
}

function scalar(value: string, type: NonNullable<Scalar["type"]>): Scalar {
  const made = new Scalar(value);
  made.type = type;
  return made;
}
