/**
 * Which builds living engines execute: a note for each engine, so that `flow gc` leaves the modules alone that it may
 * still load. A note outlives a killed engine; whoever reads the notes takes it away.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildHash, type OwnerInfo, STATE_PATHS, stateDirUnusable } from "@millrace/core";
import { isOwnerAlive } from "../owner/process-identity.js";

/** An engine of another host cannot be looked up: its note counts for this long, ms. */
const FOREIGN_LIMIT_MS = 7 * 24 * 60 * 60 * 1000;

interface Pin {
  readonly build: BuildHash;
  readonly owner: OwnerInfo;
}

/** Notes that an engine executes a build; the function given back takes the note away. @throws MillraceError `state-dir-unusable`. */
export function pinBuild(stateDir: string, build: BuildHash, owner: OwnerInfo): () => void {
  const file = join(stateDir, STATE_PATHS.pins, `${owner.engine}.json`);
  try {
    mkdirSync(join(stateDir, STATE_PATHS.pins), { recursive: true });
    writeFileSync(file, JSON.stringify({ build, owner } satisfies Pin));
  } catch (cause) {
    throw stateDirUnusable(stateDir, cause);
  }
  return () => rmSync(file, { force: true });
}

/** The builds of living engines. `now`: ms since 1970. */
export function pinnedBuilds(stateDir: string, now: number): ReadonlySet<BuildHash> {
  const builds = new Set<BuildHash>();
  for (const file of notesIn(join(stateDir, STATE_PATHS.pins))) {
    const pin = readPin(file, now);
    if (pin) builds.add(pin.build);
    else rmSync(file, { force: true });
  }
  return builds;
}

function readPin(file: string, now: number): Pin | undefined {
  try {
    const pin = JSON.parse(readFileSync(file, "utf8")) as Pin; // written by pinBuild; anything else throws or is dead
    const beats = now - statSync(file).mtimeMs < FOREIGN_LIMIT_MS ? now : 0;
    return isOwnerAlive(pin.owner, beats, now) ? pin : undefined;
  } catch {
    return undefined;
  }
}

function notesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
