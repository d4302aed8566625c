/** `flow run <job.yaml>`: builds if need be, checks the job against the build, runs it. */
import { type ExitCode, MillraceError, type Observer, type RunId } from "@millrace/core";
import type { JobDocument } from "@millrace/jobs";
import { ensureBuild } from "../project/ensure-build.js";
import { placeOfCommand } from "../project/place-of-command.js";
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
  const watchers = async (): Promise<readonly Observer[]> => {
    const { watchersOf } = await import("./watchers-of-job.js");
    return watchersOf(named, place);
  };
  if (options.resume) {
    const check = (run: RunId): Promise<void> => refuseChangedJob(place, run, document);
    const ended = await goOn(place, documentName(document), { check, options, watchers });
    if (ended !== undefined) return ended;
  }
  const { driveRun } = await import("./drive-run.js");
  return driveRun(place, options, async (engine) => startDocument(engine, document, startOptions(options)), watchers);
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
