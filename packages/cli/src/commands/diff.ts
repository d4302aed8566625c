/** `flow diff [ref]` and `flow affected --since <ref>`. */
import {
  type AffectedDocument,
  compareManifests,
  type DiffDocument,
  EXIT,
  type ExitCode,
  type Manifest,
  MillraceError,
} from "@millrace/core";
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

/** Options of `flow affected`. */
export interface AffectedOptions extends CommonOptions {
  readonly since: string;
}

/** Lists tasks and flows that are new since a commit or whose records no longer serve. */
export async function affected(options: AffectedOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const before = await manifestAt(place, options.since);
  const after = await manifestOfSources(place.cwd);
  const { added, changed } = compareManifests(before, after);
  const ids = [...added, ...changed.filter(({ invalidated }) => invalidated).map(({ id }) => id)].sort();
  const document: AffectedDocument = {
    since: options.since,
    tasks: ids.filter((id) => Object.hasOwn(after.tasks, id)),
    flows: ids.filter((id) => Object.hasOwn(after.flows, id)),
  };
  if (options.json) printJson(document);
  else print([...document.tasks.map((id) => `task ${id}`), ...document.flows.map((id) => `flow ${id}`)].join("\n"));
  return EXIT.success;
}

function newestBuild(place: CommandPlace): Manifest {
  const manifest = currentBuild(place);
  if (manifest) return manifest;
  throw new MillraceError("manifest-missing", "There is no build to compare with.", {
    hint: "Run `flow build`, or name a commit: `flow diff HEAD`.",
  });
}
