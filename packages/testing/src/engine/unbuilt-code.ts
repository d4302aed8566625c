/**
 * Code made of the very classes that a test holds. What a build knows of them (types, options, graphs) is taken from it
 * if there is one (known-build.ts); else only what their decorators say.
 */
import {
  type BuildHash,
  type DeclarationEntry,
  type FlowEntry,
  type GraphIndex,
  type JsonSchema,
  MANIFEST_VERSION,
  type Manifest,
  MillraceError,
  nearestName,
  type Site,
  type TaskEntry,
  UNBUILT,
  unbuiltSite,
} from "@millrace/core";
import {
  type Code,
  type LoadedTask,
  nameOf,
  type PinnedBuild,
  type RuleMatch,
  ruleMatch,
  type TaskLoader,
} from "@millrace/runtime/internal";
import { declarationOf, type Flow, paramNames, type Rule } from "@millrace/sdk/internal";
import { callerLine } from "./caller-line.js";
import { type Class, unbuiltEntry } from "./unbuilt-entry.js";

interface Known {
  readonly target: Class;
  readonly entry: TaskEntry | FlowEntry;
}

/** Classes that runs have met, by id. */
export class UnbuiltCode implements Code {
  readonly #root: string;
  readonly #build: PinnedBuild | undefined;
  readonly #known = new Map<string, Known>();

  /** @param build What a build knows of the classes. */
  constructor(root: string, build: PinnedBuild | undefined) {
    this.#root = root;
    this.#build = build;
  }

  get manifest(): Manifest {
    const entries = [...this.#known.values()].map(({ entry }) => entry);
    const tasks = entries.filter((entry) => entry.kind === "task");
    const flows = entries.filter((entry) => entry.kind === "flow");
    return {
      manifestVersion: MANIFEST_VERSION,
      graphVersion: 1,
      build: this.#build?.manifest.build ?? UNBUILT,
      compiler: this.#build?.manifest.compiler ?? UNBUILT,
      tasks: Object.fromEntries(tasks.map((entry) => [entry.id, entry])),
      flows: Object.fromEntries(flows.map((entry) => [entry.id, entry])),
    };
  }

  flow(target: unknown): FlowEntry {
    const entry = this.#entry("flow", target);
    if (entry.kind === "flow") return entry;
    throw new MillraceError("unknown-flow", `${entry.id} is a task, and only flows are started.`, {
      hint: `Run it with engine.runTask(${entry.className}, …).`,
      data: { id: entry.id },
    });
  }

  resolve(target: unknown): TaskEntry | FlowEntry {
    return this.#entry("task", target);
  }

  /** Makes a class known, so that its id names it. @throws MillraceError `flow-misuse`, `invalid-options`. */
  learn(target: Class): TaskEntry | FlowEntry {
    const id = nameOf(target);
    const known = this.#known.get(id);
    if (known?.target === target) return known.entry;
    if (known) {
      throw new MillraceError("flow-misuse", `Two classes are named ${id}: ${known.target.name} and ${target.name}.`, {
        hint: "Give one an id in its decorator. Modules that were loaded twice (vi.resetModules) need an engine each.",
        data: { id },
      });
    }
    const declaration = declarationOf(target);
    if (!declaration) {
      throw new MillraceError("flow-misuse", `${target.name} is no declared task or flow.`, {
        hint: "Put @task or @flow on the class, or make it with defineTask or defineFlow. A decorator on its base does not count.",
        data: { class: target.name },
      });
    }
    const built = this.#builtEntry(id, target);
    const entry = built ?? unbuiltEntry(target, id, declaration);
    this.#known.set(id, { target, entry });
    return entry;
  }

  callSchema(entry: TaskEntry | FlowEntry, site: Site | undefined): JsonSchema {
    const known = this.#known.get(entry.id);
    const built = known && this.#builtEntry(entry.id, known.target);
    return (built && this.#build?.callSchema(built, site)) ?? entry.paramsSchema;
  }

  graph(flow: string): GraphIndex | undefined {
    const known = this.#known.get(flow);
    return known && this.#builtEntry(flow, known.target) ? this.#build?.graph(flow) : undefined;
  }

  unstampedSite(flow: FlowEntry): Site {
    const here = new Error("here");
    Error.captureStackTrace(here, this.unstampedSite);
    const caller = callerLine(here.stack ?? "", this.#root);
    return unbuiltSite(caller?.file ?? flow.className, caller?.line ?? 1);
  }

  moduleUrl(): string {
    return `${UNBUILT}:`;
  }

  async loadFlow(entry: FlowEntry): Promise<new () => Flow> {
    // It was declared as a flow, and is constructed as the engine constructs all flows.
    return this.#class(entry.id) as unknown as new () => Flow;
  }

  async loadMatch(entry: TaskEntry): Promise<RuleMatch> {
    if (entry.source === UNBUILT && entry.rule?.filters.length === 0) {
      throw new MillraceError(
        "unbuilt-code",
        `Which tokens rule ${entry.id} matches is said by its types, and no build has read them.`,
        {
          hint: "Test with the Vitest plugin, which builds, or say it in `when`: {} for all tokens.",
          data: { rule: entry.id },
        },
      );
    }
    return ruleMatch(entry, async () => this.#class(entry.id) as unknown as new () => Rule);
  }

  /** Finds the classes of jobs. */
  get load(): TaskLoader {
    return ({ task }) => {
      // Likewise for a task.
      return { create: this.#class(task) as unknown as LoadedTask["create"] };
    };
  }

  recorded(): Promise<Code> {
    return Promise.resolve(this);
  }

  async sameAs(build: BuildHash): Promise<boolean> {
    return build === this.manifest.build;
  }

  #class(id: string): Class {
    const known = this.#known.get(id);
    if (!known) throw this.#unknown("task", id);
    return known.target;
  }

  #entry(kind: "task" | "flow", target: unknown): TaskEntry | FlowEntry {
    if (typeof target === "function") return this.learn(target);
    const id = nameOf(target);
    const known = this.#known.get(id);
    if (!known) throw this.#unknown(kind, id);
    return known.entry;
  }

  #builtEntry(id: string, target: Class): (TaskEntry | FlowEntry) | undefined {
    const manifest = this.#build?.manifest;
    const found = [manifest?.tasks, manifest?.flows].find((entries) => entries && Object.hasOwn(entries, id))?.[id];
    return found && isOf(found, target) ? found : undefined;
  }

  #unknown(kind: "task" | "flow", id: string): MillraceError {
    const near = nearestName(id, [...this.#known.keys()]);
    return new MillraceError(`unknown-${kind}`, `The test's engine knows no ${kind} named "${id}".`, {
      hint: near
        ? `Did you mean "${near}"?`
        : "Name it by its class, or list the class under `classes` of openTestEngine.",
      data: { id, known: [...this.#known.keys()] },
    });
  }
}

/** The test's own class may bear the id of another in the project. What a function made cannot know the constant that holds it. */
function isOf(entry: DeclarationEntry, target: Class): boolean {
  const isFunction = paramNames(target) === undefined;
  return isFunction || entry.className === target.name || entry.exportName === "default";
}
