/** Builds that neither the current manifest, nor a run, nor a living engine needs. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type BuildHash, type RunStore, type RunSummary, readManifest, STATE_PATHS } from "@millrace/core";
import { pinnedBuilds } from "../builds/build-pins.js";

/** A build that has just been written may not be the current one yet, ms. */
const YOUNG_MS = 60 * 60 * 1000;

/** Runs that stay. */
export interface KeptRuns {
  readonly reader: Pick<RunStore, "read">;
  readonly runs: readonly RunSummary[];
}

/** Their hashes, sorted. @throws MillraceError `manifest-unreadable`. */
export async function unusedBuilds(
  stateDir: string,
  kept: readonly KeptRuns[],
  now: number,
): Promise<readonly BuildHash[]> {
  const used = new Set(pinnedBuilds(stateDir, now));
  const current = currentBuild(stateDir);
  if (current !== undefined) used.add(current);
  for (const { reader, runs } of kept)
    for (const run of runs) {
      used.add(run.build);
      // Whoever goes on with it aligns its records with the build that each was made by.
      if (run.state !== "succeeded") for (const build of await buildsOf(reader, run)) used.add(build);
    }
  return buildsIn(join(stateDir, STATE_PATHS.builds))
    .filter(({ hash, changedAt }) => !used.has(hash) && now - changedAt >= YOUNG_MS)
    .map(({ hash }) => hash)
    .sort();
}

function currentBuild(stateDir: string): BuildHash | undefined {
  let text: string;
  try {
    text = readFileSync(join(stateDir, STATE_PATHS.manifest), "utf8");
  } catch {
    return undefined; // nothing is built
  }
  return readManifest(text, STATE_PATHS.manifest).build;
}

async function buildsOf(store: KeptRuns["reader"], run: RunSummary): Promise<readonly BuildHash[]> {
  const builds: BuildHash[] = [];
  for await (const fact of store.read(run.id)) if ("build" in fact) builds.push(fact.build);
  return builds;
}

function buildsIn(folder: string): readonly { readonly hash: BuildHash; readonly changedAt: number }[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  // Drafts of builds have other names: the compiler takes old ones away.
  return names
    .filter((name) => /^[0-9a-f]{32}$/.test(name))
    .map((name) => ({ hash: name as BuildHash, changedAt: statSync(join(folder, name)).mtimeMs }));
}
