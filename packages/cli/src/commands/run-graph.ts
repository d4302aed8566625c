/** `flow run <graph.json>`: builds if need be, runs the job graph of the file, or the flow spec, which is told by its `tasks`. */
import { type ExitCode, graphName, MillraceError } from "@millrace/core";
import { ensureBuild } from "../project/ensure-build.js";
import { placeOfCommand } from "../project/place-of-command.js";
import { giveSpecFunctions } from "./give-spec-functions.js";
import { readGraphFile } from "./read-graph-file.js";
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
  const whole = await readGraphFile(file);
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
