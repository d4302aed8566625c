/** Lives of random job graphs: they run, are cut at any point of their record, and go on. */
import {
  type Fact,
  foldRun,
  type JobGraph,
  type PlanDocument,
  parseKey,
  parseSite,
  type RunId,
  type RunStore,
  type Site,
} from "@millrace/core";
import { inlineExecutor, memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { handProject, writeBuild } from "../hand-built.js";
import { random } from "../random-bodies.js";
import type { Planned } from "./random-graphs.js";

/** The run of every life. */
export const RUN = "random" as RunId;
const OWNER = { pid: 1, processStart: "0", boot: "none", host: "none", engine: "cutter" };

/** What the hand-written module looks for on the global object. */
interface Hooks {
  behaveAs: (key: string) => Promise<unknown>;
}
const hooks = globalThis as unknown as Hooks;

const MODULE = `
import { Flow, Task } from "millrace";
import { $site } from "millrace/stamps";
const given = (target) => Reflect.defineMetadata(Symbol.for("millrace.params"), new Set(["name", "taken"]), target);
export class Work extends Task {
  run() { return globalThis.behaveAs(this.info.step); }
}
export class Sub extends Flow {
  run() { return this.call(Work, { name: this.name, taken: this.taken }, $site("Sub.run#Work@return")); }
}
given(Work);
given(Sub);
`;

/** A build of that module. `code`: of its task. */
function buildOf(code: string) {
  const params = { properties: { name: {}, taken: {} } };
  return { module: MODULE, tasks: { Work: { params, fingerprint: code } }, flows: { Sub: { params } }, hash: code };
}

/** A project with the task and the flow that random graphs run. */
export function graphProject(): Promise<TestProject> {
  return handProject(buildOf("Work-1"));
}

/** Builds it again, with other code of its task, or with the old code. */
export function changeCode(project: TestProject, code: string): void {
  writeBuild(project, buildOf(code));
}

/** Path of the node that a step stands in: `n1/n0`. */
export function pathOf(key: string): string {
  const sites = (parseKey(key) ?? []).filter(({ kind }) => kind === "site");
  const ids = sites.flatMap(({ text }) => {
    const { owner = "", callee = "" } = parseSite(text as Site) ?? {};
    return owner === "Sub.run" ? [] : [callee];
  });
  return ids.join("/");
}

/** What a life shows. */
export interface Life {
  /** Nodes that ran, in the order in which they began. */
  readonly ran: readonly string[];
  readonly status: string;
  readonly facts: readonly Fact[];
  /** What became of each node. */
  readonly states: Readonly<Record<string, string>>;
  /** What each step of the record has come from, by its key. */
  readonly sources: ReadonlyMap<string, string | null>;
  /** Made before it began. */
  readonly plan: PlanDocument | undefined;
}

/** How a life is lived. */
export interface Living {
  readonly store: RunStore;
  readonly failing: ReadonlySet<string>;
  readonly seed: number;
  /** Undefined for a resume. */
  readonly start?: JobGraph;
  /** It is planned before. */
  readonly planned?: boolean;
}

/** Lives through a run; how long each node takes comes from the seed. */
export async function live(
  project: TestProject,
  { store, failing, seed, start, planned = false }: Living,
): Promise<Life> {
  const next = random(seed);
  const ran: string[] = [];
  const behave = async (path: string): Promise<unknown> => {
    ran.push(path);
    for (let turns = Math.floor(next() * 6); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    if (failing.has(path)) throw new Error(`${path} broke`);
    return { path };
  };
  hooks.behaveAs = (key) => behave(pathOf(key));
  const local = ({ name, at = "" }: { name: string; at?: string }): Promise<unknown> => behave(at + name);
  const engine = await openEngine({
    cwd: project.root,
    store,
    executor: inlineExecutor({ width: 4 }),
    observers: [],
    locals: { local },
  });
  try {
    const plan = planned ? await engine.plan(RUN) : undefined;
    if (ran.length > 0) throw new Error("the plan has run a node");
    const run = start ? engine.start(start, { id: RUN }) : await engine.resume(RUN);
    const { status, totals } = await run.outcome();
    const facts: Fact[] = [];
    for await (const fact of store.read(RUN)) facts.push(fact);
    const { steps, run: header } = await foldRun(RUN, () => store.read(RUN));
    // Of a later life the record may hold steps of a graph inside that was on its way at the cut, and is not entered again.
    if (start && JSON.stringify(header.totals) !== JSON.stringify(totals))
      throw new Error("totals of run and record differ");
    const own = steps.filter(({ key }) => !key.includes("/Sub.run#"));
    const states = Object.fromEntries(own.map(({ key, state }) => [pathOf(key), state]));
    return { ran, status, facts, states, sources: new Map(steps.map(({ key, source }) => [key, source])), plan };
  } finally {
    await engine.close();
  }
}

/** A store that holds the first facts of a run. */
export async function prefix(facts: readonly Fact[], length: number): Promise<RunStore> {
  const store = memoryStore();
  const lease = await store.acquire(RUN, OWNER);
  await store.append([{ run: RUN, epoch: lease.epoch, facts: facts.slice(0, length) }]);
  await store.release([lease]);
  return store;
}

/** The same graph; local functions of graphs inside graphs are told their path. */
export function told({ graph, failing }: Planned, at = ""): Planned {
  const nodes = graph.nodes.map((node) => {
    if ("graph" in node.run)
      return { ...node, run: { graph: told({ graph: node.run.graph, failing }, `${at}${node.id}/`).graph } };
    return "local" in node.run ? { ...node, params: { ...node.params, at: { value: at } } } : node;
  });
  return { graph: { ...graph, nodes }, failing };
}
