/** Finds the project around a folder: the nearest package.json, or record of a project of commands, and its output folder. Reads one file, runs nothing. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { MillraceError } from "../errors/millrace-error.js";
import { STATE_DIR, STATE_PATHS } from "./state-dir.js";

/** Where a project lies. Absolute paths. */
export interface ProjectPlace {
  /** Folder of the package.json, or of the record. */
  readonly root: string;
  /** The output folder; need not exist. */
  readonly stateDir: string;
  /** The parsed package.json; an empty object where there is none. */
  readonly packageJson: Readonly<Record<string, unknown>>;
}

/** Looks in `from` and the folders above it. @throws MillraceError `project-not-found`. */
export function findProject(from: string): ProjectPlace {
  const found = projectAround(from);
  if (found) return found;
  throw new MillraceError("project-not-found", `There is no package.json in ${resolve(from)} or above it.`, {
    hint: "Go to your project's folder, or name it with --cwd DIR.",
    data: { from: resolve(from) },
  });
}

/** The same; undefined where there is none. @throws MillraceError `project-not-found` for a package.json that is none. */
export function projectAround(from: string): ProjectPlace | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return packageAt(folder);
    // A project of commands needs no package: the folder that it has run in is its own.
    if (existsSync(join(folder, STATE_DIR, STATE_PATHS.project))) return bareProject(folder);
    if (dirname(folder) === folder) return undefined;
  }
}

/** The project of a folder without a package.json. */
export function bareProject(folder: string): ProjectPlace {
  return { root: folder, stateDir: join(folder, STATE_DIR), packageJson: {} };
}

function packageAt(root: string): ProjectPlace {
  const packageJson = readPackageJson(join(root, "package.json"));
  const settings = packageJson.millrace as { readonly stateDir?: unknown } | undefined;
  const stateDir = typeof settings?.stateDir === "string" ? settings.stateDir : STATE_DIR;
  return { root, stateDir: resolve(root, stateDir), packageJson };
}

function readPackageJson(file: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
    throw new Error("it holds no object");
  } catch (cause) {
    throw new MillraceError(
      "project-not-found",
      `${file} ${cause instanceof SyntaxError ? "is no valid JSON" : "cannot be read"}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: "Correct the package.json.",
        data: { file },
        cause,
      },
    );
  }
}
