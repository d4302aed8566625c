/** A build that an engine has pinned: its manifest, its modules and its indexed graphs. Content-addressed, so it never changes. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type BuildHash,
  type DeclarationEntry,
  type FlowEntry,
  formatSite,
  type GraphIndex,
  indexGraph,
  type JsonSchema,
  type Manifest,
  MillraceError,
  nearestName,
  readManifest,
  type Site,
  STATE_PATHS,
  type TaskEntry,
} from "@millrace/core";
import type { Flow, Rule } from "@millrace/sdk/internal";
import { importModule } from "../loading/import-module.js";
import { untilIdle } from "../runs/until-idle.js";
import { type Code, nameOf } from "./code.js";
import { EMPTY_MANIFEST } from "./no-build.js";
import { type RuleMatch, ruleMatch } from "./rule-match.js";
import { sameCode } from "./same-code.js";

/** One pinned build. */
export class PinnedBuild implements Code {
  readonly manifest: Manifest;
  readonly #stateDir: string;
  readonly #dir: string;
  readonly #indexes = new Map<string, GraphIndex>();
  readonly #urls = new Map<string, string>();

  private constructor(stateDir: string, manifest: Manifest) {
    this.#stateDir = stateDir;
    this.#dir = join(stateDir, STATE_PATHS.build(manifest.build));
    this.manifest = manifest;
  }

  /** Opens the current build of a state folder, or the named one; `none` is in every folder. @throws `manifest-missing`, `manifest-unreadable`, `build-missing`. */
  static async open(stateDir: string, hash?: BuildHash | "none"): Promise<PinnedBuild> {
    if (hash === "none") return new PinnedBuild(stateDir, EMPTY_MANIFEST);
    const build = hash ?? (await readCurrent(stateDir)).build;
    const file = join(stateDir, STATE_PATHS.buildManifest(build));
    const text = await readFile(file, "utf8").catch(async (cause: unknown) => {
      throw new MillraceError("build-missing", `The build ${build} is not in ${join(stateDir, STATE_PATHS.builds)}.`, {
        hint: `${await suggestBuild(stateDir, build)}Run \`flow build\` to make the current build. A run resumes on it unless you ask for \`--code recorded\`.`,
        data: { build, file },
        cause,
      });
    });
    return new PinnedBuild(stateDir, readManifest(text, file));
  }

  flow(target: unknown): FlowEntry {
    const id = nameOf(target);
    const entry = own(this.manifest.flows, id);
    return entry ?? unknown("flow", id, Object.keys(this.manifest.flows));
  }

  resolve(target: unknown): TaskEntry | FlowEntry {
    const id = nameOf(target);
    const entry = own(this.manifest.tasks, id) ?? own(this.manifest.flows, id);
    return entry ?? unknown("task", id, [...Object.keys(this.manifest.tasks), ...Object.keys(this.manifest.flows)]);
  }

  callSchema(entry: TaskEntry | FlowEntry, site: Site | undefined): JsonSchema {
    const { callSchemas = {} } = this.manifest;
    const here = site === undefined || !Object.hasOwn(callSchemas, site) ? undefined : callSchemas[site];
    return (here && own(here, entry.id)) ?? entry.paramsSchema;
  }

  graph(flow: string): GraphIndex {
    let index = this.#indexes.get(flow);
    if (!index) {
      index = indexGraph(this.flow(flow).graph);
      this.#indexes.set(flow, index);
    }
    return index;
  }

  unstampedSite({ className }: FlowEntry, callee: string): Site {
    return formatSite({ owner: `${className}.dynamic`, callee, receiver: "", n: 1 });
  }

  recorded(build: BuildHash): Promise<PinnedBuild> {
    return PinnedBuild.open(this.#stateDir, build);
  }

  async sameAs(build: BuildHash): Promise<boolean> {
    if (this.manifest.build === build) return true;
    const other = await this.recorded(build).catch(() => undefined);
    return other !== undefined && sameCode(other.manifest, this.manifest);
  }

  moduleUrl(entry: DeclarationEntry): string {
    let url = this.#urls.get(entry.module);
    if (url === undefined) {
      url = pathToFileURL(join(this.#dir, entry.module)).href;
      this.#urls.set(entry.module, url);
    }
    return url;
  }

  async loadFlow(entry: FlowEntry): Promise<new () => Flow> {
    // The compiler found this export to be a concrete subclass of Flow; constructing it takes no arguments.
    return (await this.#load("flow", entry)) as new () => Flow;
  }

  loadMatch(entry: TaskEntry): Promise<RuleMatch> {
    // Likewise for a rule.
    return ruleMatch(entry, async () => (await this.#load("rule", entry)) as new () => Rule);
  }

  /** The class of an entry, on this thread. */
  async #load(kind: "flow" | "rule", entry: DeclarationEntry): Promise<unknown> {
    const failed = (message: string, cause?: unknown): MillraceError =>
      new MillraceError("module-failed", message, {
        hint: isNotFound(cause)
          ? "A package that is missing comes with `npm install`; a file that is missing from the build, with `flow build`."
          : `${MAIN_THREAD[kind]} run on the main thread when a run starts: look at the top level of the module and its imports.`,
        data: { [kind]: entry.id, source: entry.source },
        cause,
      });
    let module: Record<string, unknown>;
    try {
      module = await untilIdle(
        importModule(this.moduleUrl(entry)),
        () => new Error("a top-level await, in it or in what it imports, waits for something that never comes"),
      );
    } catch (cause) {
      const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw failed(`The module of ${kind} ${entry.id} (${entry.source}) failed on import: ${reason}`, cause);
    }
    const found = module[entry.exportName];
    if (typeof found !== "function") throw failed(`${entry.source} does not export ${entry.exportName}.`);
    return found;
  }
}

const MAIN_THREAD = { flow: "Flow modules", rule: "Modules of rules with a `match`" } as const;

/** A question that ends with a space: the build whose name begins so, as tables show it, else the nearest. */
async function suggestBuild(stateDir: string, wanted: string): Promise<string> {
  const names = await readdir(join(stateDir, STATE_PATHS.builds)).catch(() => []);
  const [begun, ...others] = names.filter((name) => name.startsWith(wanted));
  const near = others.length === 0 && begun !== undefined ? begun : nearestName(wanted, names);
  return near === undefined ? "" : `Did you mean "${near}"? `;
}

async function readCurrent(stateDir: string): Promise<Manifest> {
  const file = join(stateDir, STATE_PATHS.manifest);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new MillraceError("manifest-missing", `There is no build here: ${file} cannot be read.`, {
      hint: 'Run `flow build` in the project\'s folder first. Functions and commands alone need no build: openEngine({ build: "none" }).',
      data: { file },
      cause,
    });
  });
  return readManifest(text, file);
}

function own<T>(record: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}

function unknown(kind: "task" | "flow", id: string, known: readonly string[]): never {
  const near = nearestName(id, known);
  const list = known.length === 0 ? "It has none." : `It has ${[...known].sort().join(", ")}.`;
  throw new MillraceError(`unknown-${kind}`, `The build has no ${kind} named "${id}".`, {
    hint: near
      ? `Did you mean "${near}"? If it is new or renamed, run \`flow build\`.`
      : `${list} If it is new or renamed, run \`flow build\`; under a minifier give it an id: @${kind}({ id: "…" }).`,
    data: { id, known },
  });
}

function isNotFound(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.code === "ERR_MODULE_NOT_FOUND";
}
