/** Runs analysed flows on the real engine under `strict`, with tasks that give what the test says, after turns of its choice. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type DeclarationEntry,
  type FlowEntry,
  type FlowGraph,
  type GraphIndex,
  indexGraph,
  type Manifest,
  type RunId,
  type Site,
  systemClock,
  type TaskEntry,
} from "@millrace/core";
import { memoryStore, type RunOutcome } from "@millrace/runtime";
import { assembleEngine, type Code, Dispatcher, inlineExecutorWith, nameOf } from "@millrace/runtime/internal";
import type { FlowsResult } from "../../packages/compiler/src/flows/analyse-flows.js";
import type { ProjectModel } from "../../packages/compiler/src/project/model.js";

/** What the tasks of a run do. */
export interface Behaviour {
  /** @throws what the step fails with. */
  value(task: string, n: number): unknown;
  /** Turns of the event loop before it ends: who comes first. */
  turns(task: string, n: number): number;
}

/** The flows of a project that has been analysed and compiled into a folder. */
export interface StrictProject {
  readonly model: ProjectModel;
  readonly result: FlowsResult;
  readonly folder: string;
}

/** An engine whose runs are compared with each other. */
export interface StrictEngine extends AsyncDisposable {
  run(flow: string, params: object, behaviour: Behaviour): Promise<RunOutcome>;
}

/** Opens one; `graphs` replace what the analysis says of flows. */
export async function openStrict(
  project: StrictProject,
  graphs: Readonly<Record<string, FlowGraph>> = {},
): Promise<StrictEngine> {
  const counts = new Map<string, number>();
  const store = memoryStore();
  let behaviour: Behaviour | undefined;
  let runs = 0;
  const executor = inlineExecutorWith(
    ({ task }) => {
      const n = counts.get(task) ?? 0;
      counts.set(task, n + 1);
      return {
        create: class {
          async run(): Promise<unknown> {
            for (let turn = behaviour?.turns(task, n) ?? 0; turn > 0; turn -= 1)
              await new Promise((r) => setImmediate(r));
            return behaviour?.value(task, n);
          }
        },
      };
    },
    { width: 64, clock: systemClock },
  );
  const limits = { pools: {}, resources: {} };
  const engine = await assembleEngine({
    root: project.folder,
    code: new AnalysedCode(project, graphs),
    store,
    dispatcher: new Dispatcher({ tasks: executor, commands: executor, containers: executor }, systemClock, {
      ...limits,
      maxConcurrency: 64,
    }),
    observers: [],
    clock: systemClock,
    limits,
    strict: true,
    suspendWaiting: false,
    newRunId: () => `strict${runs++}` as RunId,
    newSeed: () => `strict${runs}`,
    closeExecutors: () => executor.close(),
    ownsStore: true,
  });
  return {
    run(flow, params, behaving) {
      behaviour = behaving;
      counts.clear();
      return engine.start(flow, params).outcome();
    },
    [Symbol.asyncDispose]: () => engine.close(),
  };
}

/** Code whose graphs come from an analysis. */
class AnalysedCode implements Code {
  readonly manifest: Manifest;
  readonly #project: StrictProject;
  readonly #indexes = new Map<string, GraphIndex>();

  constructor(project: StrictProject, graphs: Readonly<Record<string, FlowGraph>>) {
    this.#project = project;
    const { model, result } = project;
    const tasks: Record<string, TaskEntry> = {};
    const flows: Record<string, FlowEntry> = {};
    for (const declared of model.declarations) {
      const { id, className, source, exportName } = declared;
      const common = { ...UNTYPED, id, className, source, module: source, exportName: exportName ?? className };
      const graph = graphs[id] ?? result.graphs.get(id);
      if (declared.kind === "task")
        tasks[id] = { ...common, kind: "task", hooks: [], shared: { reads: [], writes: [] } };
      else if (graph) flows[id] = { ...common, kind: "flow", graph };
    }
    this.manifest = {
      manifestVersion: 1,
      graphVersion: 1,
      build: "analysed" as Manifest["build"],
      compiler: "",
      tasks,
      flows,
    };
  }

  flow(target: unknown): FlowEntry {
    const entry = this.manifest.flows[nameOf(target)];
    if (!entry) throw new Error(`no flow ${nameOf(target)}`);
    return entry;
  }

  resolve(target: unknown): TaskEntry | FlowEntry {
    return this.manifest.tasks[nameOf(target)] ?? this.flow(target);
  }

  callSchema(entry: TaskEntry | FlowEntry): DeclarationEntry["paramsSchema"] {
    return entry.paramsSchema;
  }

  graph(flow: string): GraphIndex {
    const index = this.#indexes.get(flow) ?? indexGraph(this.flow(flow).graph);
    this.#indexes.set(flow, index);
    return index;
  }

  unstampedSite(flow: FlowEntry, callee: string): Site {
    return `${flow.id}#${callee}` as Site;
  }

  moduleUrl(entry: DeclarationEntry): string {
    return pathToFileURL(join(this.#project.folder, entry.source.replace(/\.ts$/, ".js"))).href;
  }

  async loadFlow(entry: FlowEntry): Promise<never> {
    const module = (await import(this.moduleUrl(entry))) as Record<string, unknown>;
    // The analysis found a flow under that name; the engine makes what it likes of it.
    return module[entry.exportName] as never;
  }

  /** No flow of a corpus is a set of rules. */
  loadMatch(): Promise<never> {
    return Promise.reject(new Error("no rules"));
  }

  recorded(): Promise<Code> {
    return Promise.resolve(this);
  }

  sameAs(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

const UNTYPED = {
  span: { file: "", line: 1, column: 1, endLine: 1, endColumn: 1 },
  params: [],
  paramsSchema: {},
  result: { schema: {}, text: "unknown" },
  options: {},
  fingerprint: { algorithm: "modules", hash: "", modules: {}, packages: {} },
} as const;
