/** What `flow run` does alike for flows and job graphs: how it starts, and when it goes on instead. */
import type { ExitCode, RunId } from "@millrace/core";
import type { Engine, Run, StartOptions } from "@millrace/runtime";
import type { RunSurroundings } from "../homes/job-surroundings.js";
import { say } from "../output/streams.js";
import type { CommandPlace } from "../project/place-of-command.js";
import { giveSpecFunctions } from "./give-spec-functions.js";
import { newestUnfinished } from "./newest-unfinished.js";
import type { RunOptions } from "./run-options.js";

/** Options of the start. */
export function startOptions({ id, ifExists, break: breakpoints }: RunOptions): StartOptions {
  return { ifExists, breakpoints, ...(id === undefined ? {} : { id }) };
}

/** How a command goes on. */
export interface GoingOn {
  /** What it goes on with that the command may have said otherwise, for people. */
  readonly as?: string | undefined;
  /** Asked before: throws if the run is not to go on. */
  readonly check?: (run: RunId) => Promise<void>;
  readonly options: RunOptions;
  /** Who watches, and where the run is kept. Default: as the project says. */
  readonly surround?: () => Promise<RunSurroundings>;
}

/** Goes on with the newest unfinished run of a flow or job graph; undefined if there is none. */
export async function goOn(
  place: CommandPlace,
  name: string,
  { as, check, options, surround }: GoingOn,
): Promise<ExitCode | undefined> {
  const unfinished = await newestUnfinished(place, name);
  if (unfinished === undefined) {
    say(`No run of ${name} is unfinished: starting a new one.`);
    return undefined;
  }
  await check?.(unfinished);
  say(`Going on with run ${unfinished}${as === undefined ? "" : `, ${as}`}.`);
  const { driveRun } = await import("./drive-run.js");
  const begin = async (engine: Engine): Promise<Run> => {
    await giveSpecFunctions(engine);
    return engine.resume(unfinished);
  };
  return driveRun(place, options, begin, surround);
}
