/** `package.json#millrace`: the few settings that narrow a project. Read by the build and `flow doctor`. */
import { MillraceError } from "../errors/millrace-error.js";
import { suggestName } from "../names/did-you-mean.js";

/** What a package.json may say under `millrace`. */
export interface ProjectSettings {
  /** TypeScript configuration, relative to the package.json. Default: the nearest `tsconfig.json`. */
  readonly tsconfig?: string;
  /** Globs that a project file must match, relative to the package.json. */
  readonly include?: readonly string[];
  /** Globs that a project file must not match. */
  readonly exclude?: readonly string[];
  /** Output folder, relative to the package.json. Default `.flow`. */
  readonly stateDir?: string;
}

const NAMES = ["tsconfig", "include", "exclude", "stateDir"];

/** Reads the settings of a parsed package.json. @throws MillraceError `project-not-found` on a wrong shape. */
export function readSettings(packageJson: unknown, file: string): ProjectSettings {
  const settings = isRecord(packageJson) ? packageJson.millrace : undefined;
  if (settings === undefined) return {};
  if (!isRecord(settings)) throw wrong(file, "millrace", "an object");
  for (const [name, value] of Object.entries(settings)) {
    if (!NAMES.includes(name)) throw unknown(file, name);
    const list = name === "include" || name === "exclude";
    const good = list ? Array.isArray(value) && value.every((v) => typeof v === "string") : typeof value === "string";
    if (!good) throw wrong(file, `millrace.${name}`, list ? "a list of globs" : "a path");
  }
  return settings; // every member has been checked above
}

function unknown(file: string, name: string): MillraceError {
  return new MillraceError("project-not-found", `${file}: there is no setting "millrace.${name}".`, {
    hint: suggestName(name, NAMES, `The settings are ${NAMES.join(", ")}.`),
    data: { file, path: `millrace.${name}`, known: NAMES },
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(file: string, path: string, expected: string): MillraceError {
  return new MillraceError("project-not-found", `${file}: "${path}" must be ${expected}.`, {
    hint: 'Settings look like { "millrace": { "tsconfig": "tsconfig.build.json", "include": ["src"] } }.',
    data: { file, path },
  });
}
