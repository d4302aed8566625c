/** Writes a project into a new or empty folder: completely, or not at all. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "./usage-error.js";

/** A repository that was made first is no reason to refuse its folder. */
const WELCOME = new Set([".git"]);

/** The folder need not exist. @throws UsageError `folder-not-empty`, `folder-unusable`. */
export function checkFolder(folder: string): void {
  const found = entriesOf(folder).filter((name) => !WELCOME.has(name));
  if (found.length === 0) return;
  const shown = found.slice(0, 3).join(", ");
  throw new UsageError(
    "folder-not-empty",
    `${folder} is not empty: it holds ${shown}${found.length > 3 ? ` and ${found.length - 3} more` : ""}.`,
    "Name another folder; nothing is ever overwritten.",
  );
}

/** For a folder that passed `checkFolder`. What was written before a failure is taken away again. @throws UsageError `folder-unusable`. */
export function writeProject(folder: string, files: ReadonlyMap<string, string>): void {
  // The first folder that did not exist, if any: it and all in it is ours.
  let made: string | undefined;
  const begun = new Set<string>();
  try {
    made = mkdirSync(folder, { recursive: true });
    for (const [path, text] of files) {
      const file = join(folder, path);
      begun.add(join(folder, topOf(path)));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  } catch (cause) {
    for (const path of made === undefined ? begun : [made]) rmSync(path, { recursive: true, force: true });
    throw unusable(folder, cause);
  }
}

/** First part of a path inside the project. */
function topOf(path: string): string {
  return path.split(/[/\\]/, 1)[0] ?? path;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return [];
    throw unusable(folder, cause);
  }
}

function unusable(folder: string, cause: unknown): UsageError {
  return new UsageError(
    "folder-unusable",
    `${folder} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
    "Name a folder that you may write to. Nothing was left behind.",
    { cause },
  );
}
