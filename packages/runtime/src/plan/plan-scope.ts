/** The run as the bodies of a plan see it: decisions are taken as in every run, and noted; nothing starts, nothing is written. */
import {
  type ActivationPath,
  bug,
  bytesInMemory,
  type Decision,
  type Fact,
  type GraphNode,
  type MillraceError,
  type PlanDocument,
  type PlannedStep,
  type PlanVerdict,
  parseSite,
  rootPath,
  type StepKey,
  type StepRecords,
  type StoredBytes,
  subflowPath,
  systemClock,
  whyItRuns,
  whyRestored,
} from "@millrace/core";
import { OpenResources } from "../attempt/open-resources.js";
import type { Code } from "../builds/code.js";
import { latch } from "../runs/latch.js";
import type { Mailbox } from "../runs/mailbox.js";
import type { RunPast } from "../runs/run-past.js";
import type { RunRecord } from "../runs/run-record.js";
import type { Body, IssuedCall, RunScope } from "../runs/run-scope.js";
import { RunTimers } from "../runs/run-timers.js";
import { RunWaits } from "../runs/run-waits.js";
import { RunShared } from "../shared/run-shared.js";
import type { Dispatcher } from "../steps/dispatcher.js";
import type { ResultCache } from "../steps/result-cache.js";
import { isStep, type Place, type RunHost, type Unit, type UnitSettled } from "../steps/unit.js";
import { PlannedUnit } from "./planned-unit.js";
import { Tainted } from "./tainted.js";

/** How long a body may wait for nothing before the plan ends, ms. */
const REST_MS = 500;

/** Values that a plan makes up beside those on record: a loop that waits for another value would never end. */
const SPARE_GUESSES = 100;

/** A body of the plan. */
interface PlannedBody {
  readonly flow: string;
  /** The step on which all of it depends, since its parameters do. */
  readonly cause: string | undefined;
  readonly tainted: Tainted | undefined;
  /** Nodes that it has called. */
  readonly reached: Set<string>;
}

/** The scope of one plan. */
export class PlanScope implements RunScope {
  readonly host: RunHost;
  readonly code: Code;
  readonly cache: ResultCache;
  readonly past: RunPast;
  readonly seed: string;
  /** Guesses need not conform to the graph. */
  readonly strict = false;
  readonly witness = undefined;
  readonly mailbox: Mailbox;
  readonly sharedState: RunShared;
  readonly resources: OpenResources = new OpenResources();
  readonly waits: RunWaits = new RunWaits();
  readonly timers: RunTimers = new RunTimers(systemClock);
  readonly #id: string;
  readonly #steps: PlannedStep[] = [];
  readonly #orphans: StepKey[] = [];
  /** What stood on record where a call runs. */
  readonly #nearest = new Map<StepKey, UnitSettled>();
  /** Calls that may take a result from the cache, and what they are given. */
  readonly #shared = new Map<StepKey, Promise<StoredBytes | undefined>>();
  readonly #bodies = new Map<ActivationPath, PlannedBody>();
  /** Calls that are unknown, and the step on which they depend. */
  readonly #guessed = new Map<StepKey, string>();
  /** Calls that wait until the record has been gone through: a body that ends before never begins them. */
  readonly #unbegun = new Set<StepKey>();
  /** Calls that run a body as a sub-flow, by its path. */
  readonly #callers = new Map<ActivationPath, Place>();
  readonly #stopped = latch();
  readonly #ended = new Set<() => void>();
  #stops: string | undefined;
  /** Steps without a record that may still be taken to give nothing. */
  #guesses: number;
  #seq: number;

  constructor(record: RunRecord, past: RunPast, { code, cache }: Pick<RunScope, "code" | "cache">) {
    this.#id = record.id;
    this.#seq = record.seq;
    this.#guesses = record.records.length + SPARE_GUESSES;
    this.past = past;
    this.mailbox = past.mailbox();
    this.sharedState = new RunShared(past.shared);
    this.code = code;
    this.cache = cache;
    this.seed = record.started.seed;
    const root = rootPath(record.started.flow);
    this.#bodies.set(root, this.#body(root, record.started.flow));
    this.host = {
      id: record.id,
      clock: systemClock,
      append: (draft, done) => {
        this.#seq += 1;
        // A draft is a fact without its two stamps, which are added here.
        const fact = { ...draft, seq: this.#seq, at: record.started.at } as Fact;
        setImmediate(() => done(fact));
      },
      emit: () => {},
      stream: () => {},
    };
  }

  get dispatcher(): Dispatcher {
    throw bug("A plan dispatched a step.", { run: this.#id });
  }

  /** Resolves when nothing more can come of the bodies. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  /** What was found, once the run's body has ended or stopped. */
  result(): Pick<PlanDocument, "steps" | "orphans" | "stops"> {
    for (const cancel of this.#ended) cancel();
    const unreached = [...this.#bodies.values()].flatMap(({ flow, tainted, reached }): PlannedStep[] =>
      [...(tainted?.nodes ?? [])].flatMap(([node, cause]) => {
        const task = reached.has(node) ? undefined : taskOf(this.code.graph(flow)?.node(node));
        return task === undefined ? [] : [{ node, task, verdict: "unknown" as const, because: unknownWords(cause) }];
      }),
    );
    const begun = this.#steps.filter(({ key, verdict }) => !(verdict === "runs" && key && this.#unbegun.has(key)));
    return {
      steps: [...begun, ...unreached],
      orphans: this.#orphans,
      ...(this.#stops === undefined ? {} : { stops: this.#stops }),
    };
  }

  decide(call: IssuedCall, records: StepRecords<UnitSettled>): Decision<UnitSettled> {
    const { place } = call;
    const path = pathOf(place.key);
    const body = this.#bodyOf(place);
    body.reached.add(place.node);
    const cause = body.cause ?? body.tainted?.causeOf({ node: place.node, path });
    if (cause !== undefined) {
      // Its parameters are a guess: it must not take the record of another call.
      const nearest = records.at(place.key);
      if (nearest) this.#nearest.set(place.key, nearest);
      this.#guessed.set(place.key, cause);
      this.#note(place, "unknown", unknownWords(cause));
      return { verdict: "runs", nearest };
    }
    const decision = records.decide(place, call.anySite);
    if (decision.verdict === "restored") {
      this.#note(place, "restored", whyRestored(decision.record, decision.by));
      return decision;
    }
    const { nearest } = decision;
    if (nearest) this.#nearest.set(place.key, nearest);
    const runs = (): void => {
      this.#note(place, "runs", this.#whyItRuns(call, nearest));
      // A sub-flow's result is known as long as nothing inside it runs.
      if (!this.#isSubflow(place)) this.#runs(place, path, place.node);
    };
    if (call.sharedTtlMs === undefined) runs();
    else this.#shared.set(place.key, this.#lookUp(place, call.sharedTtlMs, runs));
    return decision;
  }

  unit(place: Place, make: () => Unit, settled: (fact: UnitSettled) => void): Unit {
    if (!this.#isSubflow(place)) {
      this.#unbegun.add(place.key);
      const around = { host: this.host, begins: () => this.#unbegun.delete(place.key) };
      const value = this.#shared.get(place.key) ?? this.#nearest.get(place.key)?.value;
      if (value) return new PlannedUnit(place, value, { ...around, settled });
      this.#guesses -= 1;
      if (this.#guesses === 0) this.#ended.add(systemClock.after(REST_MS, () => this.#stopped.resolve()));
      return new PlannedUnit(place, undefined, { ...around, settled: this.#guesses > 0 ? settled : () => {} });
    }
    const path = subflowPath(place.key);
    this.#callers.set(path, place);
    this.#bodies.set(path, this.#body(path, place.task, this.#guessed.get(place.key)));
    return make();
  }

  /** A plan holds nothing. */
  wasHeld(): boolean {
    return false;
  }

  settled(): void {}

  onlyWaits(): void {}

  restored(): void {}

  orphans(records: readonly UnitSettled[]): void {
    for (const record of records.filter(isStep)) {
      const own = this.#bodies.get(record.body);
      // A call that is unknown may still ask for it.
      const mayAsk = (own ? [own] : [...this.#bodies.values()]).some(isDoubtful);
      if (!mayAsk) this.#orphans.push(record.key);
    }
  }

  lose(error: Error): void {
    this.#stop(error.message);
  }

  halt(error: Error): void {
    this.#stop(error.message);
  }

  diverged(record: UnitSettled): void {
    this.#stop(
      `The flow takes another way than the one on record: it does not ask for ${record.node} (${record.key}), ` +
        "though its code is unchanged.",
    );
  }

  refuse(error: MillraceError): never {
    throw error;
  }

  unknownSite(): void {}

  atRest(body: Body): void {
    const cancel = systemClock.after(REST_MS, () => {
      if (body.waitsForNothing) this.#stopped.resolve();
    });
    this.#ended.add(cancel);
  }

  #stop(why: string): void {
    this.#stops ??= why;
    this.#stopped.resolve();
  }

  #whyItRuns({ place, given }: IssuedCall, nearest: UnitSettled | undefined): string {
    const { task, identity } = place;
    const after = this.code.manifest;
    const before = nearest && (this.past.manifestOf(nearest) ?? after);
    return whyItRuns({ task, identity, given: { ...given }, nearest, before, after });
  }

  /** The result that a call would be given from the cache; if there is none, what stands on record in its place. */
  async #lookUp(place: Place, ttlMs: number, runs: () => void): Promise<StoredBytes | undefined> {
    const found = await this.cache.look(place.identity, ttlMs);
    if (!found) runs();
    else this.#note(place, "cached", `an equal step has shared its result at ${new Date(found.at).toISOString()}`);
    return found ? bytesInMemory(found.value) : this.#nearest.get(place.key)?.value;
  }

  #note({ key, node, task }: Place, verdict: PlanVerdict, because: string): void {
    this.#steps.push({ key, node, task, verdict, because });
  }

  /** A step runs: what depends on it is unknown, in its body and in those around it. */
  #runs(call: Place, path: string, cause: string): void {
    this.#bodyOf(call).tainted?.mark({ node: call.node, path }, cause);
    const caller = this.#callers.get(call.body);
    if (caller) this.#runs(caller, pathOf(caller.key), cause);
  }

  #bodyOf({ body }: Place): PlannedBody {
    const found = this.#bodies.get(body);
    if (!found) throw bug("A plan met a body that it did not open.", { body });
    return found;
  }

  #body(path: ActivationPath, flow: string, cause?: string): PlannedBody {
    const graph = this.code.graph(flow);
    return { flow, cause, tainted: graph && new Tainted(path, graph), reached: new Set() };
  }

  #isSubflow({ task, site }: Place): boolean {
    return Object.hasOwn(this.code.manifest.flows, task) && !/^(?:step|wait):/.test(parseSite(site)?.callee ?? "");
  }
}

/** The path under which a step is counted: its key without site and ordinal. */
function pathOf(key: StepKey): string {
  return key.split("/").slice(0, -2).join("/");
}

/** True if some of its calls are unknown. */
function isDoubtful({ cause, tainted }: PlannedBody): boolean {
  return cause !== undefined || (tainted?.nodes.size ?? 0) > 0;
}

function unknownWords(cause: string): string {
  return `it depends on ${cause}, which runs`;
}

function taskOf(node: GraphNode | undefined): string | undefined {
  switch (node?.kind) {
    case "call":
      return node.task;
    case "subflow":
      return node.flow;
    case "step":
    case "sleep":
    case "wait":
    case "background":
      return node.name ?? node.id;
    case "dynamic":
      return node.candidates.join("|") || node.id;
    default:
      return undefined;
  }
}
