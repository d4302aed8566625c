/** `flow run <graph.json>`: builds if need be, runs the job graph of the file, the flow spec or the rule set. */
import { type ExitCode, graphName, MillraceError, rulesName } from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import type { Engine, Run, StartOptions } from "@millrace/runtime";
import { ensureBuild } from "../project/ensure-build.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import { giveSpecFunctions } from "./give-spec-functions.js";
import { atPlaces } from "./issues-at-places.js";
import { readDocumentFile } from "./read-document-file.js";
import type { RunOptions } from "./run-options.js";
import { partOf } from "./select-part.js";
import { goOn, startOptions } from "./start-or-go-on.js";

/** What `flow run` hands over. */
export interface GraphInvocation {
  /** Relative to the current folder. */
  readonly file: string;
  /** Arguments that are no options of the command: there may be none. */
  readonly parameters: readonly string[];
  readonly options: RunOptions;
}

/** Runs what the file holds and prints the results on stdout. */
export async function runGraph(invocation: GraphInvocation): Promise<ExitCode> {
  refuseParameters(invocation, "The parameters of its nodes stand in the file.");
  const { file, options } = invocation;
  const place = placeOfCommand(options.cwd);
  const { document, isAsWritten } = await atPlaces(file, place.root, () => readDocumentFile(file));
  const run = (): Promise<ExitCode> => runDocument(document, place, options);
  return isAsWritten ? atPlaces(file, place.root, run) : run();
}

async function runDocument(whole: JobDocument, place: CommandPlace, options: RunOptions): Promise<ExitCode> {
  const document = partOf(whole, options, await ensureBuild(place));
  if (options.resume) {
    const ended = await goOn(place, documentName(document), { as: "with the file it was started with", options });
    if (ended !== undefined) return ended;
  }
  const { driveRun } = await import("./drive-run.js");
  return driveRun(place, options, async (engine) => {
    await giveSpecFunctions(engine);
    return startDocument(engine, document, startOptions(options));
  });
}

/** The name that runs of a document are listed under. */
export function documentName(document: JobDocument): string {
  return "rules" in document ? rulesName(document.rules) : graphName(document.graph);
}

/** Starts what a file holds. */
export function startDocument(engine: Engine, document: JobDocument, options: StartOptions): Run {
  return "rules" in document ? engine.start(document.rules, options) : engine.start(document.graph, options);
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
