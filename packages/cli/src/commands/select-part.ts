/** `--skip`, `--run-from` and `--run-to` of `flow run`: which part of a job graph runs. */
import { type JobGraph, type Manifest, MillraceError, selectNodes } from "@millrace/core";
import { readWithoutValues } from "./read-graph-file.js";
import type { RunOptions } from "./run-options.js";

/** The options that select. */
type PartOptions = Pick<RunOptions, "skip" | "runFrom" | "runTo">;

/** True if not all of a graph is to run. */
export function selectsPart({ skip, runFrom, runTo }: PartOptions): boolean {
  return skip.length + runFrom.length + runTo.length > 0;
}

/** The part that the options leave. @throws MillraceError `unknown-node`, `job-graph-invalid`. */
export function selectPart(graph: JobGraph, options: PartOptions, manifest: Manifest): JobGraph {
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

/** @throws MillraceError `usage`, since what a flow calls is decided by its body. */
export function refusePart(flow: string, options: PartOptions): void {
  if (!selectsPart(options)) return;
  throw new MillraceError("usage", `--skip, --run-from and --run-to are about job graphs: ${flow} is a flow.`, {
    hint: "What a flow runs is decided by its body: give it a parameter for what is to be left out.",
    data: { flow },
  });
}
