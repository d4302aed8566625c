/**
 * Who watches a job's runs, and where they are kept, as far as it can be told without loading a module: built-ins and their parameters, folders
 * and packages that have to be there. What modules export is looked at by whoever runs the job.
 */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { BUILT_IN_OBSERVERS, type Diagnostic, isBuiltInObserver, type JobBuild, withoutMisspelt } from "@millrace/core";
import { jobDiagnostic } from "./findings.js";
import type { JobReading } from "./read-job.js";
import type { JobWatchers, WatcherEntry } from "./read-watchers.js";
import type { SourceMap } from "./source-map.js";

/** Something that is wrong, by a path of the places: `loggers.slack`, `loggers.slack.parameters.url`. */
export interface WatcherIssue {
  readonly path: string;
  /** As the end of a sentence that begins with the place. */
  readonly message: string;
  readonly hint?: string;
}

/** All that a job names, in order. */
export function watcherEntries({ loggers = [], extensions, checkpointer }: JobWatchers): readonly WatcherEntry[] {
  return [...loggers, ...extensions, ...(checkpointer ? [checkpointer] : [])];
}

/** What is wrong with them. */
export function checkWatchers(
  { watchers, places, root }: Pick<JobReading, "watchers" | "places" | "root">,
  check: JobBuild["check"],
): readonly Diagnostic[] {
  if (!watchers) return [];
  const { directories, packages } = watchers;
  const issues = [
    ...watcherEntries(watchers).flatMap((entry) => checkBuiltIn(entry, check)),
    ...directories.flatMap((path, i) => (isFolder(resolve(root, path)) ? [] : missing("directories", i, path))),
    ...packages.flatMap((name, i) => (isInstalled(name, root) ? [] : missing("packages", i, name))),
  ];
  return locateWatchers(issues, places);
}

/** The same as diagnostics of the file. Nothing is said where a variable has no value yet. */
export function locateWatchers(issues: readonly WatcherIssue[], places: SourceMap): readonly Diagnostic[] {
  return issues.flatMap(({ path, message, hint }) => {
    const place = places.find(path);
    if (!place || place.open) return [];
    const words = `"${place.name}" ${message.replace(/(?<![.?!])$/, ".")}`;
    return [
      jobDiagnostic({
        code: "job-invalid",
        span: place.span,
        message: words,
        ...(hint === undefined ? {} : { hint }),
      }),
    ];
  });
}

function checkBuiltIn({ at, use, params }: WatcherEntry, check: JobBuild["check"]): readonly WatcherIssue[] {
  if (!isBuiltInObserver(use)) return [];
  const { kind, parameters } = BUILT_IN_OBSERVERS[use];
  const wanted = at === "checkpointer" ? "checkpointer" : "observer";
  if (kind !== wanted)
    return [
      {
        path: at,
        message: `is "${use}", which is ${wanted === "observer" ? "no observer: it keeps runs" : "no checkpointer: it watches runs"}`,
      },
    ];
  return withoutMisspelt(check(parameters, params)).map(({ path, message }) => ({
    path: path === "" ? `${at}.parameters` : `${at}.parameters.${path}`,
    message: `cannot be used: ${message}`,
  }));
}

function missing(kind: "directories" | "packages", index: number, name: string): readonly WatcherIssue[] {
  const path = `config.extension_${kind}[${index}]`;
  return kind === "directories"
    ? [{ path, message: `is ${name}, and there is no such folder`, hint: "Paths start at the folder of the project." }]
    : [
        {
          path,
          message: `is ${name}, and no such package is installed`,
          hint: `Correct it, or install it: npm install ${name}`,
        },
      ];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isInstalled(name: string, root: string): boolean {
  const { createRequire } = process.getBuiltinModule("node:module");
  try {
    createRequire(join(root, "package.json")).resolve(name);
    return true;
  } catch (error) {
    // A package that is there and has no door for require() is loaded all the same.
    return (error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND";
  }
}
