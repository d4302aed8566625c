/** Says whether two builds run the same code, declaration by declaration. */
import type { BuildHash, DeclarationEntry, Manifest } from "@millrace/core";
import { PinnedBuild } from "./pinned-build.js";

/** True if everything that the recorded build declared has the same fingerprint in this one. A build that is gone counts as different. */
export async function sameCode(build: PinnedBuild, stateDir: string, recorded: BuildHash): Promise<boolean> {
  if (build.manifest.build === recorded) return true;
  const old = await PinnedBuild.open(stateDir, recorded).catch(() => undefined);
  return old !== undefined && equalFingerprints(old.manifest, build.manifest);
}

function equalFingerprints(a: Manifest, b: Manifest): boolean {
  return equalEntries(a.tasks, b.tasks) && equalEntries(a.flows, b.flows);
}

function equalEntries(
  a: Readonly<Record<string, DeclarationEntry>>,
  b: Readonly<Record<string, DeclarationEntry>>,
): boolean {
  return Object.entries(a).every(
    ([id, entry]) => Object.hasOwn(b, id) && b[id]?.fingerprint.hash === entry.fingerprint.hash,
  );
}
