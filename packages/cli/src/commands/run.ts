/** `flow run <flow>`: builds if need be, reads the parameters, runs. Jobs and job graphs in files go their own way from here (run-job.ts, run-graph.ts). */
import { type ExitCode, MillraceError } from "@millrace/core";
import type { Command } from "commander";
import { ensureBuild } from "../project/ensure-build.js";
import { isJobPath } from "../project/is-job-path.js";
import { placeOfCommand } from "../project/place-of-command.js";
import { findFlow } from "./find-flow.js";
import { parametersOf } from "./parameters-of.js";
import type { RunOptions } from "./run-options.js";
import { refusePart } from "./select-part.js";
import { goOn, startOptions } from "./start-or-go-on.js";

/** What commander hands over. */
export interface RunInvocation {
  readonly flow: string | undefined;
  /** Arguments that are no options of the command. */
  readonly parameters: readonly string[];
  readonly options: RunOptions;
  readonly command: Command;
}

/** Runs a flow and prints its result on stdout. */
export async function run({ flow: name, parameters, options, command }: RunInvocation): Promise<ExitCode> {
  if (options.help) {
    const { runHelp } = await import("./run-help.js");
    return runHelp({ flow: name, options, command });
  }
  if (name === undefined || name.startsWith("-")) {
    throw new MillraceError("usage", "Which flow? `flow run` takes the name of a flow first, then its parameters.", {
      hint: "`flow run --help` lists the flows of the project.",
    });
  }
  if (options.ifExists !== "fail" && options.id === undefined) {
    throw new MillraceError("usage", "--if-exists is about the id of a run, and none was given.", {
      hint: "Name the run: --id <id>.",
    });
  }
  if (name.endsWith(".json")) {
    const { runGraph } = await import("./run-graph.js");
    return runGraph({ file: name, parameters, options });
  }
  if (isJobPath(name)) {
    const { runJob } = await import("./run-job.js");
    return runJob({ file: name, parameters, options });
  }
  const place = placeOfCommand(options.cwd);
  const flow = findFlow(await ensureBuild(place), name);
  refusePart(`${flow.id} is a flow, and its body decides what it calls`, options);
  if (options.resume) {
    // Parameters may be given for the case that nothing is unfinished, so that one command serves a script always.
    const given = parameters.length > 0 || options.param.length > 0 || options.params !== undefined;
    const ended = await goOn(place, flow.id, {
      as: given ? "with the parameters it was started with" : undefined,
      options,
    });
    if (ended !== undefined) return ended;
  }
  const params = await parametersOf(flow, { parameters, options, command });
  // The engine is loaded last: mistakes on the command line are told without waiting for it.
  const { driveRun } = await import("./drive-run.js");
  return driveRun(place, options, async (engine) => engine.start(flow.id, params, startOptions(options)));
}
