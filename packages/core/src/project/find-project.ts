/** Finds the project around a folder: the nearest package.json and its output folder. Reads that one file, runs nothing. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { MillraceError } from "../errors/millrace-error.js";
import { STATE_DIR } from "./state-dir.js";

/** Where a project lies. Absolute paths. */
export interface ProjectPlace {
  /** Folder of the package.json. */
  readonly root: string;
  /** The output folder; need not exist. */
  readonly stateDir: string;
  /** The parsed package.json. */
  readonly packageJson: Readonly<Record<string, unknown>>;
}

/** Looks in `from` and the folders above it. @throws MillraceError `project-not-found`. */
export function findProject(from: string): ProjectPlace {
  let folder = resolve(from);
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) {
      throw new MillraceError("project-not-found", `There is no package.json in ${resolve(from)} or above it.`, {
        hint: "Go to your project's folder, or name it with --cwd DIR.",
        data: { from: resolve(from) },
      });
    }
    folder = above;
  }
  const packageJson = readPackageJson(join(folder, "package.json"));
  const settings = packageJson.millrace as { readonly stateDir?: unknown } | undefined;
  const stateDir = typeof settings?.stateDir === "string" ? settings.stateDir : STATE_DIR;
  return { root: folder, stateDir: resolve(folder, stateDir), packageJson };
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
