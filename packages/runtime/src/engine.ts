/** The engine: starts and resumes runs of some code, keeps their leases, and closes everything. Opened by open-engine.ts. */
import { randomUUID } from "node:crypto";
import {
  type BuildHash,
  encodeFor,
  type LocalFunction,
  type Manifest,
  MillraceError,
  type PlanDocument,
  type RunId,
  type RunSummary,
  readSelector,
} from "@millrace/core";
import type { Engine } from "./api/engine.js";
import type { ResumeOptions } from "./api/resume-options.js";
import type { Run } from "./api/run.js";
import type { IfExists, StartOptions } from "./api/start-options.js";
import { OpenResources } from "./attempt/open-resources.js";
import { readChange } from "./control/change-breakpoints.js";
import { followRequests } from "./control/control-requests.js";
import { readMessage, sendMessage } from "./control/send-message.js";
import { LocalFunctions, UnaskedFunctions } from "./drivers/graph/local-function.js";
import { flowProgram } from "./drivers/programs.js";
import { writtenRun } from "./drivers/written-run.js";
import type { EngineParts } from "./engine-parts.js";
import { ObserverHub } from "./events/observer-hub.js";
import { failpoint } from "./failpoints/failpoint.js";
import { ownerInfo } from "./owner/process-identity.js";
import { planRun } from "./plan/plan-run.js";
import { checkParams } from "./runs/check-params.js";
import { Committer } from "./runs/committer.js";
import { definedOnly } from "./runs/defined-only.js";
import { checkIfExists, checkSame, meetExisting, runExists } from "./runs/meet-existing.js";
import type { Program } from "./runs/program.js";
import { notResumable, type ReadingEngine, readLife } from "./runs/read-life.js";
import { RunController, type RunSetup } from "./runs/run-controller.js";
import { checkRunId } from "./runs/run-id.js";
import { RunLeases } from "./runs/run-leases.js";
import type { RunLife } from "./runs/run-life.js";
import { NO_PAST } from "./runs/run-past.js";
import { claimStrayRejections } from "./runs/stray-rejections.js";
import type { Dispatcher } from "./steps/dispatcher.js";
import { ResultCache } from "./steps/result-cache.js";

/** Makes an engine of its parts. */
export async function assembleEngine(parts: EngineParts): Promise<Engine> {
  const hub = new ObserverHub(parts.observers);
  await hub.open();
  return new MillraceEngine(parts, hub);
}

/** What is started, and as what. */
interface Start {
  readonly program: Program;
  readonly params: object;
  readonly options: StartOptions;
  readonly around: ReadingEngine;
}

/** What a run is that takes its lease. */
interface Claim {
  readonly ifExists: IfExists;
  /** Its life, if it is not on record. */
  readonly fresh: RunLife;
  readonly around: ReadingEngine;
}

class MillraceEngine implements Engine {
  readonly #parts: EngineParts;
  readonly #hub: ObserverHub;
  readonly #dispatcher: Dispatcher;
  readonly #cache: ResultCache;
  readonly #committer: Committer;
  readonly #runs = new Map<RunId, RunController>();
  /** Runs that are being read to go on. */
  readonly #resuming = new Set<RunId>();
  readonly #locals: LocalFunctions;
  readonly #leases: RunLeases;
  /** Of the main thread. */
  readonly #resources: OpenResources;
  readonly #releaseStrays = claimStrayRejections();
  #stopRequests: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: EngineParts, hub: ObserverHub) {
    this.#parts = parts;
    this.#hub = hub;
    this.#dispatcher = parts.dispatcher;
    this.#cache = new ResultCache(parts.store, parts.clock);
    this.#committer = new Committer(parts.store);
    this.#locals = new LocalFunctions(parts.locals);
    this.#resources = new OpenResources(parts.fakes);
    this.#leases = new RunLeases(parts, ownerInfo(randomUUID()), () => this.#runs.values());
  }

  get manifest(): Manifest {
    return this.#parts.code.manifest;
  }

  get root(): string {
    return this.#parts.root;
  }

  local(name: string, fn: LocalFunction): void {
    this.#checkOpen();
    this.#locals.register(name, fn);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the overloads of Engine.start tie the result's type to what is started
  start(target: unknown, given: object = {}, more: StartOptions = {}): Run<any> {
    this.#checkOpen();
    // A job graph or rule set has no parameters beside it: it stands where they do.
    if (typeof target === "object" && target !== null) {
      const { document, read, locals, classes = [] } = writtenRun(target);
      for (const one of classes) this.#parts.code.resolve(one);
      const around = this.#around(locals);
      return this.#start({ program: read(document, around), params: document, options: given, around });
    }
    checkParams(this.#parts.code.flow(target), given);
    const around = this.#around();
    return this.#start({ program: flowProgram(target, around), params: given, options: more, around });
  }

  /** What programs are read within; `locals`: functions of one run alone. */
  #around(locals?: Readonly<Record<string, LocalFunction>>): ReadingEngine {
    const { code, limits, store, root } = this.#parts;
    return { code, limits, store, root, locals: locals ? new LocalFunctions(locals, this.#locals) : this.#locals };
  }

  #start({ program, params, options, around }: Start): Run {
    const { code, newRunId, newSeed } = this.#parts;
    const id = options.id === undefined ? newRunId() : checkRunId(options.id);
    const ifExists = checkIfExists(options.ifExists);
    const bytes = encodeFor(`the start of ${program.id}`, "params", definedOnly(params));
    const running = this.#runs.get(id);
    if (this.#resuming.has(id) || (running && ifExists === "fail")) throw runExists(id);
    if (running) {
      checkSame(id, running, { flow: program.id, params: bytes });
      return running.handle;
    }
    const { breakpoints = [], origin } = options;
    for (const selector of breakpoints) readSelector(selector);
    const run = this.#open({ id, program, params: bytes, code, breakpoints, origin });
    // Its thread comes up while lease and first fact are on their way to the disk. Others may be on record, and need none.
    if (ifExists === "fail" && program.beginsInThread()) this.#dispatcher.warm();
    const fresh = { seed: newSeed(), record: undefined, relation: NO_PAST };
    void this.#claim(run, { ifExists, fresh, around }).catch((error: Error) => run.lose(error));
    return run.handle;
  }

  async resume(id: string, options: ResumeOptions = {}): Promise<Run> {
    this.#checkOpen();
    const runId = checkRunId(id);
    if (this.#runs.has(runId) || this.#resuming.has(runId))
      throw notResumable(runId, "it is running in this engine", "Wait for its result.");
    this.#resuming.add(runId);
    try {
      return await this.#resume(runId, options);
    } finally {
      this.#resuming.delete(runId);
    }
  }

  async #resume(id: RunId, options: ResumeOptions): Promise<Run> {
    const lease = await this.#leases.acquire(id);
    try {
      const life = await readLife(this.#around(options.locals), id, { ...options, stepParams: false });
      failpoint("record-read");
      const { record, code, program } = life;
      const run = this.#open({ id, program, params: record.started.params.read(), code });
      run.begin(lease, this.#underSuspicion(id, life));
      return run.handle;
    } catch (error) {
      await this.#parts.store.release([lease]);
      throw error;
    }
  }

  async plan(id: string, options: ResumeOptions = {}): Promise<PlanDocument> {
    this.#checkOpen();
    // No function of this process runs: it need not have those that a resume needs.
    const around = { ...this.#around(options.locals), locals: new UnaskedFunctions() };
    return planRun(await readLife(around, checkRunId(id), options), { cache: this.#cache });
  }

  async send(id: string, name: string, data?: unknown): Promise<void> {
    this.#checkOpen();
    const run = checkRunId(id);
    const own = this.#runs.get(run);
    if (own) return own.handle.send(name, data);
    const { store, clock, code } = this.#parts;
    const manifestOf = (build: BuildHash): Promise<Manifest | undefined> =>
      code.recorded(build).then(
        ({ manifest }) => manifest,
        () => undefined,
      );
    await sendMessage(store, { run, name, data, clock, manifestOf });
  }

  runs(): Promise<readonly RunSummary[]> {
    return this.#parts.store.list();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    failpoint("engine-closing");
    await this.#parts.schedules?.stop();
    await Promise.all([...this.#runs.values()].map((run) => run.interrupt("the engine was closed")));
    failpoint("runs-stopped");
    for (const problem of await this.#resources.close(this.#parts.clock)) process.stderr.write(`${problem}\n`);
    await this.#dispatcher.close();
    await this.#parts.closeExecutors();
    await this.#committer.drained();
    failpoint("facts-drained");
    this.#stopRequests?.();
    await this.#leases.close();
    if (this.#parts.ownsStore) await this.#parts.store.close();
    this.#parts.released?.();
    failpoint("store-closed");
    await this.#hub.close();
    this.#releaseStrays();
  }

  #checkOpen(): void {
    if (this.#closed)
      throw new MillraceError("engine-closed", "The engine has been closed.", {
        hint: "Open another with openEngine().",
      });
  }

  #open(part: Pick<RunSetup, "id" | "program" | "params" | "code" | "breakpoints" | "origin">): RunController {
    const { clock, strict, witness, suspendWaiting, store, ownsStore } = this.#parts;
    const run = new RunController({
      ...part,
      dispatcher: this.#dispatcher,
      cache: this.#cache,
      resources: this.#resources,
      committer: this.#committer,
      clock,
      strict,
      witness,
      suspendWaiting,
      observers: this.#hub,
      facts: () => {
        // A store that was opened for the engine is closed with it.
        if (ownsStore) this.#checkOpen();
        return store.read(part.id);
      },
      closed: (closed) => this.#release(closed),
    });
    this.#runs.set(part.id, run);
    this.#leases.keep();
    this.#followRequests();
    return run;
  }

  /** Takes the lease of a run that is started, and begins it: anew, unless it is on record. */
  async #claim(run: RunController, { ifExists, fresh, around }: Claim): Promise<void> {
    const { store } = this.#parts;
    const lease = await this.#leases.acquire(run.id);
    try {
      if ((await store.list({ run: run.id })).length === 0) return run.begin(lease, fresh);
      const { flow, params } = run;
      const meeting = await meetExisting(around, run.id, { flow, params, ifExists });
      failpoint("record-read");
      if ("life" in meeting) return run.begin(lease, this.#underSuspicion(run.id, meeting.life));
      await store.release([lease]);
      run.recall(meeting.ended);
    } catch (error) {
      await store.release([lease]);
      throw error;
    }
  }

  #underSuspicion(id: RunId, life: RunLife): RunLife {
    const suspicions = this.#parts.inflight?.takeOver(id);
    failpoint("suspects-noted");
    return suspicions ? { ...life, suspicions } : life;
  }

  #release(run: RunController): void {
    this.#runs.delete(run.id);
    this.#parts.inflight?.close(run.id, run.lost ? "lost" : run.state === "suspended" ? "suspended" : "ended");
    if (run.lease) this.#leases.release(run.lease);
  }

  #followRequests(): void {
    const { store, clock } = this.#parts;
    this.#stopRequests ??= followRequests({
      store,
      clock,
      leases: () => this.#leases.held(),
      // What comes too late for a run is noticed by who sent it: nothing of it is on record.
      carryOut: ({ kind, run, name, value }) => {
        if (kind === "cancel") void this.#runs.get(run)?.cancel(name);
        if (kind === "break")
          void this.#runs
            .get(run)
            ?.inbox.change(readChange(value))
            .catch(() => {});
        if (kind === "send") void this.#receive(run, name, value).catch(() => {});
      },
    });
  }

  async #receive(run: RunId, name: string, request: Uint8Array): Promise<void> {
    const { id, value } = readMessage(request);
    await this.#runs.get(run)?.inbox.receive(name, value, id);
  }
}
