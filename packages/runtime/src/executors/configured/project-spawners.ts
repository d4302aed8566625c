/** The spawners of a project: what `millrace` in its package.json names for commands and containers. What an engine has that is given none. */
import { availableParallelism } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type Clock,
  type JsonSchema,
  MillraceError,
  type ProjectPlace,
  readSettings,
  type SpawnerSetting,
  STATE_PATHS,
} from "@millrace/core";
import { importModule } from "../../loading/import-module.js";
import {
  type ConfiguredEntry,
  type Constructible,
  invalid,
  makeConfigured,
} from "../../observers/configured/make-configured.js";
import { ApptainerSpawner, type ApptainerSpawnerOptions } from "../container/apptainer-spawner.js";
import { ContainerSpawner, type ContainerSpawnerOptions } from "../container/container-spawner.js";
import { ShellSpawner } from "../shell/shell-spawner.js";
import type { SlurmOptions } from "../slurm/slurm-options.js";
import { SlurmSpawner } from "../slurm/slurm-spawner.js";
import type { Spawner } from "../spawn/spawner.js";

/** Who runs what; undefined if the project names nobody. */
export interface ProjectSpawners {
  readonly commands?: Spawner;
  readonly containers?: Spawner;
}

const COUNT: JsonSchema = { type: "integer", minimum: 1 };
const TEXT: JsonSchema = { type: "string" };
const TEXTS: JsonSchema = { type: "array", items: TEXT };
const DURATION: JsonSchema = { anyOf: [{ type: "number" }, TEXT] };

/**
 * Makes them. A name that is no built-in is a module: a path from the project's folder, or an installed package, whose default export is a
 * class or a function that gives the spawner, or the spawner itself.
 * @throws MillraceError `spawner-invalid`, `project-not-found`.
 */
export async function projectSpawners(
  { root, stateDir, packageJson }: ProjectPlace,
  clock: Clock,
): Promise<ProjectSpawners> {
  const settings = readSettings(packageJson, join(root, "package.json"));
  const made = (kind: "commands" | "containers", setting: SpawnerSetting, builtIn: BuiltIns): Promise<Spawner> =>
    spawnerOf(`millrace.${kind}`, setting, { root, builtIn });
  const commands =
    settings.commands && (await made("commands", settings.commands, builtInCommands(root, stateDir, clock)));
  const containers =
    settings.containers && (await made("containers", settings.containers, builtInContainers(clock, commands)));
  return { ...(commands ? { commands } : {}), ...(containers ? { containers } : {}) };
}

type BuiltIns = Readonly<Record<string, Constructible>>;

function builtInCommands(root: string, stateDir: string, clock: Clock): BuiltIns {
  const slurm = {
    maxConcurrency: COUNT,
    args: TEXTS,
    spool: TEXT,
    bin: TEXT,
    submitPause: DURATION,
    submitAttempts: COUNT,
    submitRetry: DURATION,
    poll: DURATION,
    pollErrors: COUNT,
    activeStates: TEXTS,
    passedStates: TEXTS,
  };
  return {
    bash: builtIn({ maxConcurrency: COUNT }, ({ maxConcurrency }: { readonly maxConcurrency?: number }) => {
      return new ShellSpawner(maxConcurrency ?? availableParallelism(), clock);
    }),
    slurm: builtIn(slurm, ({ spool, ...options }: SlurmOptions) => {
      const folder = spool === undefined ? join(stateDir, STATE_PATHS.slurm) : resolve(root, spool);
      return new SlurmSpawner({ ...options, spool: folder, clock });
    }),
  };
}

/** @param commands Who runs the commands of the project, and with them the containers that need no daemon. */
function builtInContainers(clock: Clock, commands: Spawner | undefined): BuiltIns {
  const parameters = { client: TEXT, args: TEXTS, maxConcurrency: COUNT };
  const run = (client: string): Constructible =>
    builtIn(parameters, (options: ContainerSpawnerOptions) => new ContainerSpawner({ client, ...options, clock }));
  const execute = (client: string): Constructible =>
    builtIn(
      parameters,
      (options: ApptainerSpawnerOptions) =>
        new ApptainerSpawner({ client, ...(commands ? { commands } : {}), ...options }),
    );
  return {
    docker: run("docker"),
    podman: run("podman"),
    apptainer: execute("apptainer"),
    singularity: execute("singularity"),
  };
}

/** A function with the schema of its parameters, which is checked before it is called. */
function builtIn<P extends object>(
  properties: Readonly<Record<string, JsonSchema>>,
  make: (params: P) => Spawner,
): Constructible {
  const parameters: JsonSchema = { type: "object", properties, additionalProperties: false };
  // Safe: the schema says what P is.
  return Object.assign((params: object) => make(params as P), { parameters });
}

async function spawnerOf(
  at: string,
  { use, parameters: params = {} }: SpawnerSetting,
  { root, builtIn }: { readonly root: string; readonly builtIn: BuiltIns },
): Promise<Spawner> {
  const entry: ConfiguredEntry = { at, use, params, code: "spawner-invalid" };
  const registry = new Map<string, Constructible | object>(Object.entries(builtIn));
  if (!registry.has(use)) {
    const found = await moduleOf(entry, root);
    if (found !== undefined) registry.set(use, found);
  }
  const made = await makeConfigured(entry, registry);
  if ("spawn" in made && typeof made.spawn === "function") return made as Spawner;
  throw invalid(entry, `"${use}" is no spawner`, "A spawner has the method spawn.");
}

/** The default export of a module; undefined if no such package is installed. */
async function moduleOf(entry: ConfiguredEntry, root: string): Promise<object | undefined> {
  const { use, at } = entry;
  let path: string;
  if (use.startsWith(".") || isAbsolute(use)) path = resolve(root, use);
  else {
    const { createRequire } = process.getBuiltinModule("node:module");
    try {
      path = createRequire(join(root, "package.json")).resolve(use);
    } catch {
      return undefined;
    }
  }
  let given: unknown;
  try {
    given = (await importModule(pathToFileURL(path).href)).default;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(
      entry,
      `the module "${use}" failed on import: ${reason}`,
      `Correct the path, or the module: ${at}.`,
      cause,
    );
  }
  if (typeof given === "function" || (typeof given === "object" && given !== null)) return given;
  throw new MillraceError("spawner-invalid", `${at}: the module "${use}" has no default export that is a spawner.`, {
    hint: "Export a class, or a function that gives the spawner, as default.",
    data: { at, use },
  });
}
