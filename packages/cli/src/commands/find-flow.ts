/** Finds the flow that a command names. */
import { type FlowEntry, type Manifest, MillraceError, nearestName } from "@millrace/core";

/** A flow of the build. @throws MillraceError `unknown-flow`. */
export function findFlow(manifest: Manifest, name: string): FlowEntry {
  const found = Object.hasOwn(manifest.flows, name) ? manifest.flows[name] : undefined;
  if (found) return found;
  const known = Object.keys(manifest.flows);
  const near = nearestName(name, known);
  const list = known.length === 0 ? "The project has no flows." : `The project has ${known.join(", ")}.`;
  throw new MillraceError("unknown-flow", `There is no flow named "${name}".`, {
    hint: near === undefined ? list : `Did you mean "${near}"? ${list}`,
    data: { id: name, known },
  });
}
