/**
 * Holds the recorded project of a folder, so that one process at a time changes it. The lock is a lease of the store, as runs have them: a
 * process that has died holds nothing. Whoever holds the project first takes over what a run cut off has left on record.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import {
  type Duration,
  durationMs,
  isMillraceError,
  type Lease,
  MillraceError,
  type OwnerInfo,
  type RunId,
  type RunStore,
  systemClock,
} from "@millrace/core";
import { foldOutcome, type RecordedProject } from "@millrace/jobs";
import { cancelRun, openSqliteStore, ownerInfo } from "@millrace/runtime";
import { say } from "../output/streams.js";
import { stepsOf } from "./look-at-project.js";
import type { CommandPlace } from "./place-of-command.js";
import { loadProject, saveProject } from "./project-record.js";

/** A project that this process holds. */
export interface HeldProject {
  readonly store: RunStore;
  readonly project: RecordedProject;
  /** Writes it. @throws MillraceError `ownership-lost`, `state-dir-unusable`. */
  save(project: RecordedProject): Promise<void>;
}

/** No run can have this id: ids begin with a letter or digit. */
const LOCK = "@project" as RunId;

/** Pause between two looks at a project that another process holds, ms. */
const LOOK_MS = 100;

/** A holder that cannot be looked up counts as dead after 30 s without a sign, ms. */
const BEAT_MS = 5_000;

/**
 * Calls `work` with the project and gives it back, whatever comes of it.
 * @param wait A duration: how long to wait for another process that holds it.
 * @throws MillraceError `project-owned` with pid and host of the holder; `invalid-duration`.
 */
export async function holdProject<T>(
  place: CommandPlace,
  wait: string,
  work: (held: HeldProject) => Promise<T>,
): Promise<T> {
  // What is no duration is refused with its name.
  const waitMs = durationMs(wait as Duration, "--wait");
  const store = await openSqliteStore({ dir: place.stateDir });
  try {
    const lease = await acquire(store, waitMs);
    // A lease that was lost shows at the next save.
    const beat = setInterval(() => void store.heartbeat([lease]).catch(() => undefined), BEAT_MS).unref();
    const save = async (project: RecordedProject): Promise<void> => {
      await store.heartbeat([lease]);
      saveProject(place, project);
    };
    try {
      const left = loadProject(place);
      const project = await takeOver(store, left);
      if (project !== left) await save(project);
      return await work({ store, project, save });
    } finally {
      clearInterval(beat);
      await store.release([lease]);
    }
  } finally {
    await store.close();
  }
}

/**
 * The project with what its run has on record. A run that was cut off ends here: the next one takes what it has left, with the
 * tasks as they are then.
 */
export async function takeOver(store: RunStore, project: RecordedProject): Promise<RecordedProject> {
  // Written by this command, or by hands that then name no run.
  const run = project.run as RunId | undefined;
  if (run === undefined) return project;
  const [summary] = await store.list({ run });
  if (summary?.state === "running" || summary?.state === "suspended")
    await cancelRun(store, { run, reason: "cut off: the project goes on in another run", clock: systemClock });
  return foldOutcome(project, summary ? await stepsOf(store, run) : []);
}

async function acquire(store: RunStore, waitMs: number): Promise<Lease> {
  const owner = ownerInfo(`project-${randomUUID()}`);
  const until = performance.now() + waitMs;
  for (let told = false; ; told = true) {
    try {
      return await store.acquire(LOCK, owner);
    } catch (error) {
      if (!isMillraceError(error) || error.code !== "run-owned") throw error;
      // Data of `run-owned`.
      const holder = error.data.owner as OwnerInfo;
      if (performance.now() >= until) throw projectOwned(holder);
      if (!told) say(`The project is held by process ${holder.pid} on host "${holder.host}": waiting.`);
    }
    await pause(LOOK_MS);
  }
}

function projectOwned({ pid, host }: OwnerInfo): MillraceError {
  return new MillraceError("project-owned", `The project is held by process ${pid} on host "${host}".`, {
    hint: `Wait until it has finished (--wait 10m), or end it (\`kill ${pid}\`): what is recorded is safe.`,
    data: { pid, host },
  });
}
