/**
 * The stamps of the last build, file by file, kept beside it: whoever compiles single modules later needs no analyser.
 * Written with the build, read by the module compiler. A cache: the build's memory vouches for its bytes.
 */
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { STATE_PATHS } from "@millrace/core/project";
import type { TextEdit } from "../emit/apply-edits.js";
import type { SourceEdit } from "../flows/analyse-flows.js";
import type { ProjectModel } from "../project/model.js";
import { relativePosix } from "../project/relative-posix.js";

/** What was put into one module. */
export interface ModuleStamps {
  /** Hash of the text that the edits belong to: see hashText. */
  readonly hash: string;
  readonly edits: readonly TextEdit[];
}

/** What was put into the modules of a project. */
export interface StampRecord {
  /** Module that stamp functions are imported from. */
  readonly stampsModule: string;
  /** Every project module by its real path: posix, relative to the root. A linked folder counts where it lies, since test runners follow links. */
  readonly modules: Readonly<Record<string, ModuleStamps>>;
}

/** The record of an analysis, as it is kept. */
export function stampRecord(model: ProjectModel, edits: readonly SourceEdit[]): string {
  const modules = model.files.map((file): [string, ModuleStamps] => {
    const path = file.getFilePath();
    const own = edits.filter((edit) => edit.file === path).map(({ pos, end, text }) => ({ pos, end, text }));
    return [relativePosix(model.root, realpathSync(path)), { hash: hashText(file.getFullText()), edits: own }];
  });
  const record: StampRecord = { stampsModule: model.stampsModule, modules: Object.fromEntries(modules) };
  return `${JSON.stringify(record)}\n`;
}

/** The record of the current build. */
export function readStampRecord(stateDir: string): StampRecord {
  return JSON.parse(readFileSync(join(stateDir, STATE_PATHS.stamps), "utf8")) as StampRecord; // made by stampRecord; the build's memory compares its bytes
}

/** SHA-256 of a text as the analyser reads it, without a byte order mark; base64url. */
export function hashText(text: string): string {
  return createHash("sha256")
    .update(text.replace(/^\uFEFF/, ""))
    .digest("base64url");
}
