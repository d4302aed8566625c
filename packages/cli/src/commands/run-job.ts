/** `flow run <job.yaml>`: builds if need be, checks the job against the build, runs it. */
import { relative, resolve, sep } from "node:path";
import { canonicalHash, type ExitCode, MillraceError, type RunId, type RunOrigin } from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import { noteCheckpoint } from "../homes/job-checkpoints.js";
import type { RunSurroundings } from "../homes/job-surroundings.js";
import { ensureBuild } from "../project/ensure-build.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import { checkedJob } from "./checked-job.js";
import { refuseChangedJob } from "./refuse-changed-job.js";
import { documentName, type GraphInvocation, refuseParameters, startDocument } from "./run-graph.js";
import { partOf } from "./select-part.js";
import { goOn, startOptions } from "./start-or-go-on.js";

/** Runs a job and prints the results on stdout. */
export async function runJob({ file, parameters, options }: GraphInvocation): Promise<ExitCode> {
  refuseParameters({ file, parameters, options }, "Give a variable of the file its value with --var name=value.");
  const vars = Object.fromEntries(options.var.map(readVariable));
  const place = placeOfCommand(options.cwd);
  const manifest = await ensureBuild(place);
  const { document: whole, watchers: named } = await checkedJob({ file, vars }, place, manifest);
  const document = partOf(withWindow(whole, options.maxConcurrency), options, manifest);
  const name = documentName(document);
  const origin = { ...originOf({ file, vars }, place), hash: canonicalHash(whole) };
  if (named.checkpointer) noteCheckpoint(place, { name, origin });
  const surround = async (): Promise<RunSurroundings> => {
    const { jobSurroundings } = await import("../homes/job-surroundings.js");
    return jobSurroundings(name, named, place);
  };
  if (options.resume) {
    const check = (run: RunId): Promise<void> => refuseChangedJob(place, run, document);
    const ended = await goOn(place, name, { check, options, surround });
    if (ended !== undefined) return ended;
  }
  const { driveRun } = await import("./drive-run.js");
  return driveRun(
    place,
    options,
    async (engine) => startDocument(engine, document, { ...startOptions(options), origin }),
    surround,
  );
}

/** From the folder of the project, so that commands find it from anywhere. */
function originOf(
  { file, vars }: { file: string; vars: Readonly<Record<string, string>> },
  place: CommandPlace,
): RunOrigin {
  const path = relative(place.root, resolve(file)).split(sep).join("/");
  return { file: path, ...(Object.keys(vars).length === 0 ? {} : { vars }) };
}

function withWindow(document: JobDocument, window: number | undefined): JobDocument {
  if (window === undefined) return document;
  return "rules" in document ? { rules: { ...document.rules, window } } : { graph: { ...document.graph, window } };
}

function readVariable(given: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new MillraceError("usage", `--var ${given} gives no value.`, {
    hint: "Write --var name=value.",
    data: { given },
  });
}
