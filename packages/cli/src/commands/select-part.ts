/** `--skip`, `--run-from`, `--run-to` and `--token` of `flow run`: which part of a job graph runs, and what rules begin with. */
import { type JobGraph, type Manifest, MillraceError, type RuleSet, selectNodes, type Token } from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import { readWithoutValues } from "./read-document-file.js";
import type { RunOptions } from "./run-options.js";

/** The options that select. */
type PartOptions = Pick<RunOptions, "skip" | "runFrom" | "runTo" | "token">;

/** What the options leave of a document, and add to it. @throws MillraceError `usage`, `unknown-node`, `job-graph-invalid`. */
export function partOf(document: JobDocument, options: PartOptions, manifest: Manifest): JobDocument {
  if ("rules" in document) {
    refusePart("rules decide by their tokens", options);
    return { rules: withTokens(document.rules, options.token) };
  }
  if (options.token.length > 0)
    throw new MillraceError("usage", "--token is about rules, and this is a job graph.", {
      hint: "What the nodes of a graph are given stands in its file.",
    });
  return { graph: selectPart(document.graph, options, manifest) };
}

function withTokens(rules: RuleSet, given: readonly string[]): RuleSet {
  return given.length === 0
    ? rules
    : { ...rules, tokens: [...rules.tokens, ...given.map((text) => ({ body: readToken(text) }))] };
}

function readToken(text: string): Token {
  const refuse = (what: string, cause?: unknown): MillraceError =>
    new MillraceError("usage", `--token ${text} ${what}.`, {
      hint: `Write an object as JSON: --token '{"type":"page"}'.`,
      data: { given: text },
      cause,
    });
  let token: unknown;
  try {
    token = JSON.parse(text);
  } catch (cause) {
    throw refuse("is no JSON", cause);
  }
  if (typeof token !== "object" || token === null || Array.isArray(token)) throw refuse("is no object");
  return token as Token;
}

/** True if not all of a graph is to run. */
function selectsPart({ skip, runFrom, runTo }: Omit<PartOptions, "token">): boolean {
  return skip.length + runFrom.length + runTo.length > 0;
}

/** The part that the options leave. @throws MillraceError `unknown-node`, `job-graph-invalid`. */
function selectPart(graph: JobGraph, options: PartOptions, manifest: Manifest): JobGraph {
  if (!selectsPart(options)) return graph;
  // A selection needs its nodes and edges to be some.
  const read = readWithoutValues(graph, manifest);
  const { skip, runFrom, runTo } = options;
  return selectNodes(read, {
    skip,
    ...(runFrom.length === 0 ? {} : { from: runFrom }),
    ...(runTo.length === 0 ? {} : { to: runTo }),
  });
}

/** @throws MillraceError `usage`. `reason`: why there are no parts to select. */
export function refusePart(reason: string, options: Omit<PartOptions, "token">): void {
  if (!selectsPart(options)) return;
  throw new MillraceError("usage", `--skip, --run-from and --run-to are about job graphs: ${reason}.`, {
    hint: "Leave them out: what runs is decided while it runs.",
  });
}
