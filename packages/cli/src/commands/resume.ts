/** `flow resume [run]`. */
import { type ExitCode, MillraceError } from "@millrace/core";
import type { Engine, Run } from "@millrace/runtime";
import { say } from "../output/streams.js";
import { currentManifest, ensureBuild } from "../project/ensure-build.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import type { EngineFlags } from "./drive-run.js";
import { giveSpecFunctions } from "./give-spec-functions.js";
import { newestUnfinished } from "./newest-unfinished.js";
import { refuseProjectRun } from "./refuse-project-run.js";
import { surroundingsOfRun } from "./surroundings-of-run.js";

/** Options of `flow resume`. */
export interface ResumeCommandOptions extends CommonOptions, EngineFlags {
  readonly code: "current" | "recorded";
  readonly accept?: boolean;
  readonly reopen?: boolean;
  /** `old=new`, each. */
  readonly map: readonly string[];
  readonly rerun: readonly string[];
}

/** Goes on with a run, by default the newest that has not succeeded. With `--code recorded` nothing is built. */
export async function resume(id: string | undefined, options: ResumeCommandOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const run = id ?? (await newestUnfinished(place));
  if (run === undefined) {
    throw new MillraceError("unknown-run", "There is no run to go on with: none is interrupted, waiting or failed.", {
      hint: "`flow runs` lists all runs; a cancelled one goes on with `flow resume <run> --reopen`.",
    });
  }
  await refuseProjectRun(place, run);
  if (options.code === "recorded") await currentManifest(place);
  else await ensureBuild(place);
  if (id === undefined) say(`Going on with run ${run}.`);
  const { code, accept, reopen, rerun } = options;
  const map = Object.fromEntries(options.map.map(readMapping));
  const { driveRun } = await import("./drive-run.js");
  const begin = async (engine: Engine): Promise<Run> => {
    await giveSpecFunctions(engine);
    return engine.resume(run, {
      code,
      map,
      rerun,
      ...(accept === undefined ? {} : { accept }),
      ...(reopen === undefined ? {} : { reopen }),
    });
  };
  return driveRun(place, options, begin, () => surroundingsOfRun(place, run));
}

/** The two sites of `old=new`. @throws MillraceError `usage`. */
export function readMapping(text: string): readonly [string, string] {
  const [from, to, ...others] = text.split("=");
  if (from && to && others.length === 0) return [from, to];
  throw new MillraceError("usage", `--map takes two sites, not "${text}".`, {
    hint: "Write --map 'old=new'; `flow resume` without it lists the sites.",
  });
}
