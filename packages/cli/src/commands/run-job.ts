/** `flow run <job.yaml>`: builds if need be, checks the job against the build, runs it. */
import { type ExitCode, graphName, MillraceError, type Observer, type RunId } from "@millrace/core";
import { ensureBuild } from "../project/ensure-build.js";
import { placeOfCommand } from "../project/place-of-command.js";
import { checkedJob } from "./checked-job.js";
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
  const { graph: whole, watchers: named } = await checkedJob({ file, vars }, place, manifest);
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

function readVariable(given: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new MillraceError("usage", `--var ${given} gives no value.`, {
    hint: "Write --var name=value.",
    data: { given },
  });
}
