/** The error for a run that is not there; in the same words wherever a run is named. */
import { MillraceError } from "../errors/millrace-error.js";
import { suggestName } from "../names/did-you-mean.js";

/** Runs that are named as examples. */
const SHOWN = 5;

/** `known`: ids of the runs that there are, newest first; without it, nobody has looked. */
export function unknownRun(id: string, known?: readonly string[]): MillraceError {
  return new MillraceError("unknown-run", `There is no run "${id}".`, {
    hint: known === undefined ? "`flow runs` lists the runs." : hintOf(id, known),
    data: { run: id },
  });
}

function hintOf(id: string, known: readonly string[]): string {
  if (known.length === 0) return "Nothing has run here yet.";
  const list = `The newest ${known.length === 1 ? "is" : "are"} ${known.slice(0, SHOWN).join(", ")}; \`flow runs\` lists all.`;
  return suggestName(id, known, list);
}
