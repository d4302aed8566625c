/** `flow diff [ref]`. */
import { compareManifests, type DiffDocument, EXIT, type ExitCode, type Manifest, MillraceError } from "@millrace/core";
import { differenceText } from "../output/difference-text.js";
import { print, printJson } from "../output/streams.js";
import { currentBuild, manifestAt, manifestOfSources } from "../project/manifest-at.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";

/** Options of `flow diff`. */
export interface DiffOptions extends CommonOptions {
  readonly markdown?: boolean;
  readonly exitCode?: boolean;
}

/** Compares the sources with another build or a commit, by default with the current build. */
export async function diff(ref: string | undefined, options: DiffOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const before = ref === undefined ? newestBuild(place) : await manifestAt(place, ref);
  const difference = compareManifests(before, await manifestOfSources(place.cwd));
  const document: DiffDocument = { against: ref ?? `build ${before.build.slice(0, 8)}`, ...difference };
  if (options.json) printJson(document);
  else print(differenceText(document, options.markdown ? "markdown" : "text"));
  const differs = document.added.length + document.removed.length + document.changed.length > 0;
  return options.exitCode && differs ? EXIT.failure : EXIT.success;
}

function newestBuild(place: CommandPlace): Manifest {
  const manifest = currentBuild(place);
  if (manifest) return manifest;
  throw new MillraceError("manifest-missing", "There is no build to compare with.", {
    hint: "Run `flow build`, or name a commit: `flow diff HEAD`.",
  });
}
