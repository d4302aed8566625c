/** Runs of random bodies in this process, from their start or from any record of them, and what their traces and records say about each other. */
import type { Fact, RunId, RunStore } from "@millrace/core";
import { inlineExecutor, openEngine, type Run, type RunOutcome } from "@millrace/runtime";
import type { StepOptions } from "@millrace/sdk";
import type { TestProject } from "@millrace/testing";
import { cutStore } from "./cut-store.js";
import { handProject } from "./hand-built.js";
import { MODULE, type Piece, random } from "./random-bodies.js";

/** The run of every body. */
export const RUN = "random" as RunId;

/** What the interpreting module looks for on the global object. */
interface Hooks {
  behave: (step: string, attempt: number, x: number) => unknown;
  trace: (line: string) => void;
  /** What a body without soundness reads. */
  hidden: number;
}
/** Set by `live`. */
export const hooks = globalThis as unknown as Hooks;

/** What its flows are. */
export interface RandomOptions {
  /** Code in front of the module. */
  readonly prelude?: string;
  /** Of one of the tasks. */
  readonly retry?: NonNullable<StepOptions["retry"]>;
  readonly durability?: "behind";
}

/** The project with the flow that interprets random bodies. */
export function randomProject({ prelude = "", retry, durability }: RandomOptions = {}): Promise<TestProject> {
  const flow = { params: { properties: { program: {}, x: {} } }, ...(durability ? { durability } : {}) };
  return handProject({
    module: prelude + MODULE,
    tasks: { T0: {}, T1: {}, T2: {}, T3: retry ? { options: { retry } } : {} },
    flows: { Random: flow, Inner: flow },
  });
}

/** What one life did. */
export interface Life {
  /** Lines of its bodies. */
  readonly trace: readonly string[];
  /** Keys of the steps that ran, in order. */
  readonly ran: readonly string[];
  readonly outcome: string;
  /** The record at its end. */
  readonly facts: readonly Fact[];
}

/** Lives through a run, from its start or from what the store holds; outcomes and pauses come from the seed. */
export async function live(
  project: TestProject,
  store: RunStore,
  { code, seed, resumed }: { readonly code: Piece; readonly seed: number; readonly resumed: boolean },
): Promise<Life> {
  const next = random(seed);
  const trace: string[] = [];
  const ran: string[] = [];
  const sent: Promise<unknown>[] = [];
  let run: Run | undefined;
  hooks.trace = (line) => trace.push(line);
  hooks.behave = async (step) => {
    ran.push(step);
    // To a run that ends meanwhile it comes too late.
    if (next() < 0.3)
      sent.push(run?.send(`m${Math.floor(next() * 4)}`, Math.floor(next() * 97)).catch(() => {}) ?? Promise.resolve());
    for (let turns = Math.floor(next() * 6); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    if (next() < 0.15) throw new Error(`e${Math.floor(next() * 9)}`);
    return Math.floor(next() * 97);
  };
  const engine = await openEngine({
    cwd: project.root,
    store,
    executor: inlineExecutor({ width: 8 }),
    observers: [],
  });
  try {
    run = resumed ? await engine.resume(RUN) : engine.start("Random", { program: code }, { id: RUN });
    const outcome = await run.outcome();
    await Promise.all(sent);
    const facts: Fact[] = [];
    for await (const fact of store.read(RUN)) facts.push(fact);
    return { trace, ran, outcome: saidOf(outcome), facts };
  } finally {
    await engine.close();
  }
}

/** An outcome in one word. */
function saidOf(outcome: RunOutcome): string {
  switch (outcome.status) {
    case "succeeded":
      return `=${outcome.value}`;
    case "failed":
      return outcome.error.message;
    case "suspended":
      return outcome.reason;
    default:
      return outcome.status;
  }
}

/** A store that holds the first facts of a life. */
export function prefix(facts: readonly Fact[], length: number): Promise<RunStore> {
  return cutStore(RUN, [facts.slice(0, length)]);
}

/** True for what ends a unit. */
export function isSettlement(fact: Fact): fact is Extract<Fact, { readonly body: string; readonly state: string }> {
  return fact.kind === "step-settled" || fact.kind === "activation-settled" || fact.kind === "shared-used";
}

/** Local steps, by what they are called in `ran`, that their body's end has cut off. */
export function localsCutOff(facts: readonly Fact[]): ReadonlySet<string> {
  const late = facts.flatMap((fact) => (isSettlement(fact) && "late" in fact && fact.late ? [fact.key] : []));
  return new Set(
    late.flatMap((key) => /#step:s(\d+)\/\d+$/.exec(decodeURIComponent(key))?.[1] ?? []).map((id) => `local${id}`),
  );
}

/** Keys of what has ended. */
export function settledKeys(facts: readonly Fact[]): string[] {
  return facts.flatMap((fact) => (isSettlement(fact) ? [fact.key] : []));
}

/** Lines of the run's own body; those of sub-flows stand indented, and are missing where one was restored whole. */
export function ownLines(trace: readonly string[]): string[] {
  return trace.filter((line) => !line.startsWith(" "));
}

/** What the run's own body said up to its n-th delivery. */
export function untilDelivery(trace: readonly string[], n: number): string[] {
  const lines = ownLines(trace);
  let left = n;
  const end = lines.findIndex((line) => / (got|failed) /.test(line) && left-- === 0);
  return end < 0 ? lines : lines.slice(0, end);
}

/** Recorded deliveries of the run's own body. */
export function ownDeliveries(facts: readonly Fact[]): number {
  return facts.filter((fact) => isSettlement(fact) && fact.body === "Random" && !fact.late).length;
}
