/** Ids of runs: made here, checked here. */
import { randomBytes } from "node:crypto";
import { MillraceError, type RunId } from "@millrace/core";

/** A new id that sorts by time: `20261122-104512-k3f9qa`. */
export function newRunId(at: number): RunId {
  const stamp = new Date(at).toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  const suffix = Array.from(randomBytes(6), (byte) => (byte % 36).toString(36)).join("");
  return `${stamp}-${suffix}` as RunId;
}

/** Checks an id given by the user. @throws MillraceError `usage`. */
export function checkRunId(id: string): RunId {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(id)) return id as RunId;
  throw new MillraceError("usage", `"${id}" is no id for a run.`, {
    hint: "Use 1 to 128 letters, digits, dots, dashes and underscores, beginning with a letter or digit.",
    data: { id },
  });
}
