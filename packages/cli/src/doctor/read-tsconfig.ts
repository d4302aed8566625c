/** Reads a project's TypeScript configuration as `tsc` would, with what it extends, and without a compiler. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { findTsconfig, MillraceError, type TsconfigSearch } from "@millrace/core";
import { createFilesMatcher, parseTsconfig, type TsConfigJsonResolved } from "get-tsconfig";

/** A configuration. */
export interface Tsconfig {
  /** Absolute path. */
  readonly file: string;
  /** Compiler options as written, those of extended configurations below. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The list that says which files belong to it, as written; without any, all below its folder do. */
  readonly list: { readonly name: "include" | "files"; readonly entries: readonly string[] };
  /** True if a file belongs to it. Absolute path; the file need not exist. */
  covers(file: string): boolean;
}

/** Finds and reads it. @throws MillraceError `project-not-found`: there is none, or it cannot be read. */
export function readTsconfig(search: TsconfigSearch): Tsconfig {
  const file = findTsconfig(search);
  if (file === undefined || !existsSync(file)) {
    throw new MillraceError(
      "project-not-found",
      `There is no ${file ?? `tsconfig.json in ${search.from} or above it`}.`,
      {
        hint:
          file === undefined
            ? "Make one with `npx tsc --init`."
            : 'Correct "millrace": { "tsconfig": "…" } in the package.json.',
        data: { from: search.from },
      },
    );
  }
  const config = parse(file);
  const { include } = config;
  const matches = createFilesMatcher({ path: file, config });
  return {
    file,
    // Safe: compiler options are an object of JSON values by name.
    options: (config.compilerOptions ?? {}) as Readonly<Record<string, unknown>>,
    list:
      include === undefined && config.files !== undefined
        ? { name: "files", entries: config.files }
        : { name: "include", entries: include ?? ["**/*"] },
    // A folder whose name begins with a dot is skipped by globs, and included if it is named itself.
    covers: (path) =>
      matches(path) !== undefined ||
      (include ?? []).some((glob) => resolve(dirname(file), glob) === dirname(path) && path.endsWith(".d.ts")),
  };
}

function parse(file: string): TsConfigJsonResolved {
  try {
    // The library forgives broken JSON, `tsc` does not.
    const json: unknown = JSON.parse(withoutComments(readFileSync(file, "utf8")));
    if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("it holds no object");
    return parseTsconfig(file);
  } catch (cause) {
    throw new MillraceError(
      "project-not-found",
      `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { hint: "Correct it; `npx tsc --showConfig` names the line.", data: { file }, cause },
    );
  }
}

const STRING = '"(?:\\\\.|[^"\\\\])*"';
const COMMENT = new RegExp(`(${STRING})|//[^\\n]*|/\\*[\\s\\S]*?\\*/`, "g");
const TRAILING_COMMA = new RegExp(`(${STRING})|,(?=\\s*[}\\]])`, "g");

/** JSON of a text that may have comments and trailing commas. */
function withoutComments(text: string): string {
  const kept = (_: string, string: string | undefined): string => string ?? "";
  return text
    .replace(/^\uFEFF/, "")
    .replace(COMMENT, kept)
    .replace(TRAILING_COMMA, kept);
}
