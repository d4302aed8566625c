/** `flow run <graph.json>`: builds if need be, runs the job graph of the file, or the flow spec, which is told by its `tasks`. */
import { readFile } from "node:fs/promises";
import { type ExitCode, graphName, type JobGraph, MillraceError } from "@millrace/core";
import type { FlowSpec } from "@millrace/jobs";
import { ensureBuild } from "../project/ensure-build.js";
import { placeOfCommand } from "../project/place-of-command.js";
import { giveSpecFunctions } from "./give-spec-functions.js";
import type { RunOptions } from "./run-options.js";
import { selectPart } from "./select-part.js";
import { goOn, startOptions } from "./start-or-go-on.js";

/** What `flow run` hands over. */
export interface GraphInvocation {
  /** Relative to the current folder. */
  readonly file: string;
  /** Arguments that are no options of the command: there may be none. */
  readonly parameters: readonly string[];
  readonly options: RunOptions;
}

/** Runs a job graph and prints the results on stdout. */
export async function runGraph({ file, parameters, options }: GraphInvocation): Promise<ExitCode> {
  refuseParameters({ file, parameters, options }, "The parameters of its nodes stand in the file.");
  const whole = await asGraph(await readGraphFile(file));
  const place = placeOfCommand(options.cwd);
  const graph = selectPart(whole, options, await ensureBuild(place));
  if (options.resume) {
    const ended = await goOn(place, graphName(graph), { as: "with the graph it was started with", options });
    if (ended !== undefined) return ended;
  }
  const { driveRun } = await import("./drive-run.js");
  return driveRun(place, options, async (engine) => {
    await giveSpecFunctions(engine);
    return engine.start(graph, startOptions(options));
  });
}

/** Parameters are those of flows: a file has its own. @throws MillraceError `usage`. */
export function refuseParameters({ file, parameters, options }: GraphInvocation, hint: string): void {
  const [first = options.param[0] ?? options.params] = parameters;
  if (first === undefined) return;
  throw new MillraceError("usage", `${file} is no flow, and takes no parameters: ${first} has no place.`, {
    hint,
    data: { file },
  });
}

/** A flow spec as the graph that an engine runs. What is no graph inside is found by the engine, with everything else that is wrong. */
async function asGraph(content: object): Promise<JobGraph> {
  if (!("tasks" in content) || "nodes" in content) return content as JobGraph;
  const { flowSpecToFlow } = await import("@millrace/jobs");
  // The reader says what is no spec.
  return flowSpecToFlow(content as FlowSpec).toJobGraph();
}

async function readGraphFile(file: string): Promise<object> {
  const unreadable = (reason: string, cause?: unknown): MillraceError =>
    new MillraceError("job-graph-invalid", `${file} ${reason}.`, {
      hint: 'The file holds one object: { "version": 1, "nodes": [], "edges": [] }. docs/job-graphs.md describes it.',
      data: { file },
      cause,
    });
  try {
    const content: unknown = JSON.parse(await readFile(file, "utf8"));
    if (typeof content === "object" && content !== null) return content;
  } catch (cause) {
    throw unreadable("cannot be read as JSON", cause);
  }
  throw unreadable("holds no job graph");
}
