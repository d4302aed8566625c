/** `flow run <job.yaml>`: builds if need be, checks the job against the build, runs it. */
import {
  type ExitCode,
  formatCount,
  graphName,
  type JobGraph,
  type Manifest,
  MillraceError,
  type Observer,
  type RunId,
} from "@millrace/core";
import type { JobWatchers } from "@millrace/jobs";
import { diagnosticsText } from "../output/diagnostics-text.js";
import { say } from "../output/streams.js";
import { ensureBuild } from "../project/ensure-build.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import { refuseChangedJob } from "./refuse-changed-job.js";
import { type GraphInvocation, refuseParameters } from "./run-graph.js";
import { selectPart } from "./select-part.js";
import { goOn, startOptions } from "./start-or-go-on.js";

/** Runs a job and prints the results on stdout. */
export async function runJob({ file, parameters, options }: GraphInvocation): Promise<ExitCode> {
  refuseParameters({ file, parameters, options }, "Give a variable of the file its value with --var name=value.");
  const vars = Object.fromEntries(options.var.map(readVariable));
  const place = placeOfCommand(options.cwd);
  const manifest = await ensureBuild(place);
  const { graph: whole, watchers: named } = await checkedJob(place, file, vars, manifest);
  const { maxConcurrency: window } = options;
  const graph = selectPart(window === undefined ? whole : { ...whole, window }, options, manifest);
  const watchers = async (): Promise<readonly Observer[]> => {
    const { watchersOf } = await import("./watchers-of-job.js");
    return watchersOf(named, place);
  };
  if (options.resume) {
    const check = (run: RunId): Promise<void> => refuseChangedJob(place, run, graph);
    const ended = await goOn(place, graphName(graph), { check, options, watchers });
    if (ended !== undefined) return ended;
  }
  const { driveRun } = await import("./drive-run.js");
  return driveRun(place, options, async (engine) => engine.start(graph, startOptions(options)), watchers);
}

interface CheckedJob {
  readonly graph: JobGraph;
  readonly watchers: JobWatchers;
}

/** The graph of a job and who watches it, once nothing is wrong with it. What is wrong has been printed with its places when this throws. */
async function checkedJob(
  place: CommandPlace,
  file: string,
  vars: Readonly<Record<string, string>>,
  manifest: Manifest,
): Promise<CheckedJob> {
  const { checkJob, readJob } = await import("@millrace/jobs");
  const reading = readJob(file, { vars, root: place.root });
  const diagnostics = await checkJob(reading, manifest);
  const { graph, watchers } = reading;
  if (graph && watchers && diagnostics.length === 0) return { graph, watchers };
  say(`${await diagnosticsText(reading.root, diagnostics)}\n\n`);
  const found = formatCount(diagnostics.length, "error");
  throw new MillraceError("job-invalid", `The job ${reading.file} has ${found}; nothing was run.`, {
    hint: "Correct what is shown above. docs/yaml-jobs.md describes the file.",
    data: { file: reading.file, diagnostics },
  });
}

function readVariable(given: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new MillraceError("usage", `--var ${given} gives no value.`, {
    hint: "Write --var name=value.",
    data: { given },
  });
}
