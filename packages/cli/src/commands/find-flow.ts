/** Finds the flow that a command names. */
import { type FlowEntry, type Manifest, MillraceError, suggestName } from "@millrace/core";

/** A flow of the build. @throws MillraceError `unknown-flow`. */
export function findFlow(manifest: Manifest, name: string): FlowEntry {
  const found = Object.hasOwn(manifest.flows, name) ? manifest.flows[name] : undefined;
  if (found) return found;
  throw unknownFlow(name, Object.keys(manifest.flows));
}

/** The error for a name that is none of the project's flows. */
export function unknownFlow(name: string, known: readonly string[]): MillraceError {
  const list = known.length === 0 ? "The project has no flows." : `The project has ${known.join(", ")}.`;
  return new MillraceError("unknown-flow", `There is no flow named "${name}".`, {
    hint: suggestName(name, known, list),
    data: { id: name, known },
  });
}
