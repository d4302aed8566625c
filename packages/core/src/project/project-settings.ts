/** `package.json#millrace`: the few settings that narrow a project. Read by the build and `flow doctor`. */
import { MillraceError } from "../errors/millrace-error.js";
import { suggestName } from "../names/did-you-mean.js";
import { isObject } from "../values/is-object.js";

/** What a package.json may say under `millrace`. */
export interface ProjectSettings {
  /** TypeScript configuration, relative to the package.json. Default: the nearest `tsconfig.json`. */
  readonly tsconfig?: string;
  /** Globs that a project file must match, relative to the package.json. */
  readonly include?: readonly string[];
  /** Globs that a project file must not match. */
  readonly exclude?: readonly string[];
  /** Folders and files with YAML jobs, relative to the package.json, for `flow check`. Default `["jobs"]`. */
  readonly jobs?: readonly string[];
  /** Folders that pipelines are looked for in, relative to the package.json. Default `["pipelines"]`. */
  readonly pipelines?: readonly string[];
  /** Output folder, relative to the package.json. Default `.flow`. */
  readonly stateDir?: string;
  /** Sizes of named pools: how many of a pool's steps run at once. */
  readonly pools?: Readonly<Record<string, number>>;
  /** Totals of resource tokens. */
  readonly resources?: Readonly<Record<string, number>>;
  /** Loggers of engines that are given no observers, by names of their own; they replace the file logger. */
  readonly loggers?: Readonly<Record<string, { readonly logger: string } & NamedParameters>>;
  /** Extensions of such engines. */
  readonly extensions?: Readonly<Record<string, { readonly extension: string } & NamedParameters>>;
  /** Where runs are kept, of engines that are given no store. Default: `state.db` in the output folder. */
  readonly checkpointer?: { readonly checkpointer: string } & NamedParameters;
  /** Who runs commands, of engines that are not told. Default: bash. */
  readonly commands?: SpawnerSetting;
  /** Who runs containers, of such engines. Default: the client that is on the PATH. */
  readonly containers?: SpawnerSetting;
  /** Stored flows made of specs, for `flow spec`. */
  readonly specs?: SpecSetting;
}

/** Where stored flows are, and what ticks them. */
export interface SpecSetting {
  /** Module that exports `handlers` by task type, and `transforms`. Relative to the package.json. */
  readonly handlers?: string;
  /** Folder of the records, relative to the package.json. Default: `flows` in the output folder. */
  readonly records?: string;
}

/** A place that runs commands. */
export interface SpawnerSetting extends NamedParameters {
  /** Name of a built-in, path of a module from the package.json, or name of a package. */
  readonly use: string;
}

interface NamedParameters {
  readonly parameters?: Readonly<Record<string, unknown>>;
}

interface Shape {
  readonly is: (value: unknown) => boolean;
  readonly words: string;
}

const isPath = (v: unknown): boolean => typeof v === "string" && v !== "";
const PATH: Shape = { is: (v) => typeof v === "string", words: "a path" };
const GLOBS: Shape = {
  is: (v) => Array.isArray(v) && v.every((glob) => typeof glob === "string"),
  words: "a list of globs",
};
const paths = (words: string): Shape => ({
  is: (v) => Array.isArray(v) && v.every((path) => typeof path === "string"),
  words,
});
const numbers = (is: (n: number) => boolean, words: string): Shape => ({
  is: (v) => isObject(v) && Object.values(v).every((n) => typeof n === "number" && is(n)),
  words,
});
const named = (kind: string): Shape => ({
  is: (v) => isObject(v) && Object.values(v).every((one) => isNamed(one, kind)),
  words: `an object whose members look like { "${kind}": "Name", "parameters": {} }`,
});

const single = (kind: string, name: string): Shape => ({
  is: (v) => isNamed(v, kind),
  words: `an object such as { "${kind}": "${name}", "parameters": {} }`,
});
const SPAWNER = single("use", "slurm");
const SPECS: Shape = {
  is: (v) =>
    isObject(v) && Object.entries(v).every(([name, path]) => ["handlers", "records"].includes(name) && isPath(path)),
  words: 'an object such as { "handlers": "./handlers.mjs", "records": "flows" }',
};

const SHAPES: Readonly<Record<keyof ProjectSettings, Shape>> = {
  tsconfig: PATH,
  include: GLOBS,
  exclude: GLOBS,
  jobs: paths("a list of folders and files"),
  pipelines: paths("a list of folders"),
  stateDir: PATH,
  pools: numbers((n) => Number.isInteger(n) && n >= 1, "an object of whole numbers from 1, by the pools' names"),
  resources: numbers((n) => Number.isFinite(n) && n >= 0, "an object of numbers from 0, by the resources' names"),
  loggers: named("logger"),
  extensions: named("extension"),
  checkpointer: single("checkpointer", "FileCheckpointer"),
  commands: SPAWNER,
  containers: SPAWNER,
  specs: SPECS,
};
const NAMES = Object.keys(SHAPES);

/** Reads the settings of a parsed package.json. @throws MillraceError `project-not-found` on a wrong shape. */
export function readSettings(packageJson: unknown, file: string): ProjectSettings {
  const settings = isObject(packageJson) ? packageJson.millrace : undefined;
  if (settings === undefined) return {};
  if (!isObject(settings)) throw wrong(file, "millrace", "an object");
  for (const [name, value] of Object.entries(settings)) {
    if (!NAMES.includes(name)) throw unknown(file, name);
    const { is, words } = SHAPES[name as keyof ProjectSettings]; // one of its names, as was checked
    if (!is(value)) throw wrong(file, `millrace.${name}`, words);
  }
  return settings; // every member has been checked above
}

function unknown(file: string, name: string): MillraceError {
  return new MillraceError("project-not-found", `${file}: there is no setting "millrace.${name}".`, {
    hint: suggestName(name, NAMES, `The settings are ${NAMES.join(", ")}.`),
    data: { file, path: `millrace.${name}`, known: NAMES },
  });
}

function isNamed(value: unknown, kind: string): boolean {
  return (
    isObject(value) &&
    typeof value[kind] === "string" &&
    value[kind] !== "" &&
    (value.parameters === undefined || isObject(value.parameters)) &&
    Object.keys(value).every((field) => field === kind || field === "parameters")
  );
}

function wrong(file: string, path: string, expected: string): MillraceError {
  return new MillraceError("project-not-found", `${file}: "${path}" must be ${expected}.`, {
    hint: 'Settings look like { "millrace": { "tsconfig": "tsconfig.build.json", "include": ["src"] } }.',
    data: { file, path },
  });
}
