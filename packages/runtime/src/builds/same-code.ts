/** Says whether two manifests declare the same code, declaration by declaration. */
import type { DeclarationEntry, Manifest } from "@millrace/core";

/** True if everything that `recorded` declared has the same fingerprint in `current`. */
export function sameCode(recorded: Manifest, current: Manifest): boolean {
  return equalEntries(recorded.tasks, current.tasks) && equalEntries(recorded.flows, current.flows);
}

function equalEntries(
  a: Readonly<Record<string, DeclarationEntry>>,
  b: Readonly<Record<string, DeclarationEntry>>,
): boolean {
  return Object.entries(a).every(
    ([id, entry]) => Object.hasOwn(b, id) && b[id]?.fingerprint.hash === entry.fingerprint.hash,
  );
}
