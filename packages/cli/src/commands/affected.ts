/** `flow affected`. */
import { type AffectedDocument, compareManifests, EXIT, type ExitCode, type Manifest } from "@millrace/core";
import { print, printJson } from "../output/streams.js";
import { type ChangedFile, changedSince } from "../project/changed-files.js";
import { loadCompiler } from "../project/load-compiler.js";
import { isBuildName, manifestAt, manifestOfSources } from "../project/manifest-at.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";

/** Options of `flow affected`. */
export interface AffectedOptions extends CommonOptions {
  readonly since: string;
  readonly tests?: boolean;
}

/**
 * Lists tasks and flows that are new since a commit or whose records no longer serve, and the tests that reach something
 * that differs. Against a build, changes of files that no task or flow runs are not known.
 */
export async function affected({ since, tests, json, cwd }: AffectedOptions): Promise<ExitCode> {
  const place = placeOfCommand(cwd);
  const changed = isBuildName(place, since) ? undefined : await changedSince(place, since);
  const onlyTests = changed?.every(({ path }) => /\.(test|spec)\.[cm]?[jt]sx?$/.test(path));
  const entries = onlyTests ? NOTHING : await changedEntries(place, since);
  const document: AffectedDocument = {
    since,
    tasks: entries.tasks,
    flows: entries.flows,
    tests: await testsOf(place, entries, changed ?? []),
  };
  if (json) printJson(document);
  else {
    const ids = tests ? [] : [...document.tasks.map((id) => `task ${id}`), ...document.flows.map((id) => `flow ${id}`)];
    const lines = [...ids, ...document.tests.map((path) => (tests ? path : `test ${path}`))];
    if (lines.length > 0) print(lines.join("\n"));
  }
  return EXIT.success;
}

/** Tasks and flows that differ, and the symbols that make them differ. */
interface ChangedEntries {
  readonly tasks: readonly string[];
  readonly flows: readonly string[];
  /** `file#name`. */
  readonly symbols: readonly string[];
}

const NOTHING: ChangedEntries = { tasks: [], flows: [], symbols: [] };

async function changedEntries(place: CommandPlace, since: string): Promise<ChangedEntries> {
  const before = await manifestAt(place, since);
  const after = await manifestOfSources(place.cwd);
  const { added, changed } = compareManifests(before, after);
  const invalidated = changed.filter((each) => each.invalidated);
  const ids = [...added, ...invalidated.map(({ id }) => id)].sort();
  const isIn = (table: Manifest["tasks"] | Manifest["flows"]) => (id: string) => Object.hasOwn(table, id);
  return {
    tasks: ids.filter(isIn(after.tasks)),
    flows: ids.filter(isIn(after.flows)),
    symbols: invalidated.flatMap(({ symbols }) => symbols.map(({ symbol }) => symbol)),
  };
}

async function testsOf(
  { cwd }: CommandPlace,
  { tasks, flows, symbols }: ChangedEntries,
  changed: readonly ChangedFile[],
): Promise<readonly string[]> {
  const { findAffectedTests } = await loadCompiler("find the tests of a change");
  return findAffectedTests({ cwd, changed, symbols, ids: [...tasks, ...flows] });
}
