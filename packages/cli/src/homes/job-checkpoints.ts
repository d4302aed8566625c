/**
 * Job files whose runs a checkpointer keeps: noted when one is run, so that commands which are given a run, and no file, find it. A note says where
 * the file is; what it says of the checkpointer is read there, so that nothing secret is copied.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MillraceError, type RunOrigin, STATE_PATHS } from "@millrace/core";
import { say } from "../output/streams.js";
import type { CommandPlace } from "../project/place-of-command.js";
import { checkpointHome, type RunHome } from "./run-home.js";

/** A job whose runs a checkpointer keeps. */
export interface CheckpointedJob {
  /** Of the job, and of its checkpoint. */
  readonly name: string;
  readonly origin: RunOrigin;
}

/** Notes one; the newest file of a name counts. */
export function noteCheckpoint({ stateDir }: CommandPlace, job: CheckpointedJob): void {
  const folder = join(stateDir, STATE_PATHS.checkpoints);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${encodeURIComponent(job.name)}.json`);
  const text = `${JSON.stringify(job)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  writeFileSync(`${file}.next`, text);
  renameSync(`${file}.next`, file);
}

/** The homes of all that are noted. One that cannot be looked at is left out, once it has been said. */
export async function checkpointHomes(
  place: CommandPlace,
  unreadable: (note: string, error: unknown) => void = sayUnreadable,
): Promise<readonly RunHome[]> {
  const homes: RunHome[] = [];
  for (const file of notesIn(place)) {
    try {
      homes.push(await homeOf(JSON.parse(readFileSync(file, "utf8")) as CheckpointedJob, place));
    } catch (error) {
      unreadable(file, error);
    }
  }
  return homes;
}

function sayUnreadable(note: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  say(`The runs that ${note} leads to are left out: ${reason} If nobody needs them, delete ${note}.`);
}

function notesIn({ stateDir }: CommandPlace): readonly string[] {
  const folder = join(stateDir, STATE_PATHS.checkpoints);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => join(folder, name));
}

async function homeOf({ name, origin }: CheckpointedJob, place: CommandPlace): Promise<RunHome> {
  const { readOrigin } = await import("./job-of-origin.js");
  const { watchers } = await readOrigin(origin, place);
  const { checkpointerOf } = await import("./job-surroundings.js");
  const checkpointer = await checkpointerOf(watchers, place);
  if (!checkpointer) {
    throw new MillraceError("store-unusable", `${origin.file} names no checkpointer any more.`, {
      hint: "Give the file its checkpointer back.",
      data: { file: origin.file },
    });
  }
  const { checkpointSnapshot, storeFromCheckpointer } = await import("@millrace/runtime");
  return checkpointHome(await checkpointSnapshot(checkpointer, name), () =>
    storeFromCheckpointer(checkpointer, { name }),
  );
}
