/** The engine: opens a project's pinned build, store and executor, starts and resumes runs, and closes everything. */
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  checkStateDir,
  type Executor,
  encodeFor,
  type FlowEntry,
  findProject,
  type Lease,
  type Manifest,
  MillraceError,
  type Observer,
  type RunId,
  type RunStore,
  type RunSummary,
  STATE_PATHS,
  systemClock,
} from "@millrace/core";
import { compileValidator } from "@millrace/core/validate";
import type { Engine, EngineOptions, ResumeOptions, Run, StartOptions } from "./api.js";
import { nameOf, PinnedBuild } from "./builds/pinned-build.js";
import { sameCode } from "./builds/same-code.js";
import { ObserverHub } from "./events/observer-hub.js";
import { inlineExecutor } from "./executors/inline/inline-executor.js";
import { threadExecutor } from "./executors/threads/thread-executor.js";
import { fileObserver } from "./observers/file-observer.js";
import { ownerInfo } from "./owner/process-identity.js";
import { Committer } from "./runs/committer.js";
import { definedOnly } from "./runs/defined-only.js";
import { RunController, type RunSetup } from "./runs/run-controller.js";
import { checkRunId, newRunId } from "./runs/run-id.js";
import { readRunRecord } from "./runs/run-record.js";
import { claimStrayRejections } from "./runs/stray-rejections.js";
import { Dispatcher } from "./steps/dispatcher.js";
import { openSqliteStore } from "./stores/sqlite/open-sqlite-store.js";

/** How often owners say that they live, ms. */
const HEARTBEAT_MS = 5_000;

/**
 * Opens an engine on the current build of a project.
 * @throws MillraceError `project-not-found`, `manifest-missing`, `manifest-unreadable`, `build-missing`, `store-corrupt`,
 * `store-too-new`, `store-unusable`, `state-dir-unusable`.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { root, stateDir } = findProject(options.cwd ?? process.cwd());
  checkStateDir(stateDir);
  const build = await PinnedBuild.open(stateDir, options.build);
  const clock = options.clock ?? systemClock;
  const store = options.store ?? (await openSqliteStore({ dir: stateDir, clock }));
  const executor = openExecutor(options);
  const observers: readonly Observer[] = options.observers ?? [fileObserver({ dir: join(stateDir, STATE_PATHS.logs) })];
  const hub = new ObserverHub(observers);
  await hub.open();
  const engine = new MillraceEngine({
    root,
    stateDir,
    build,
    store,
    hub,
    clock,
    dispatcher: new Dispatcher(executor, clock, options.maxConcurrency),
    strict: options.strict ?? false,
    closeExecutor:
      options.executor === undefined || typeof options.executor === "string" ? () => executor.close() : undefined,
    closeStore: options.store ? undefined : () => store.close(),
  });
  if (options.recover === "auto") await engine.recover();
  return engine;
}

function openExecutor(options: EngineOptions): Executor {
  if (typeof options.executor === "object") return options.executor;
  const threads = options.threads ?? availableParallelism();
  return options.executor === "inline" ? inlineExecutor({ width: threads }) : threadExecutor({ threads });
}

interface EngineParts {
  readonly root: string;
  readonly stateDir: string;
  readonly build: PinnedBuild;
  readonly store: RunStore;
  readonly hub: ObserverHub;
  readonly clock: NonNullable<EngineOptions["clock"]>;
  readonly dispatcher: Dispatcher;
  readonly strict: boolean;
  readonly closeExecutor: (() => Promise<void>) | undefined;
  readonly closeStore: (() => Promise<void>) | undefined;
}

class MillraceEngine implements Engine {
  readonly #parts: EngineParts;
  readonly #committer: Committer;
  readonly #owner = ownerInfo(randomUUID());
  readonly #runs = new Map<RunId, RunController>();
  readonly #releases = new Set<Promise<void>>();
  readonly #releaseStrays = claimStrayRejections();
  #stopHeartbeat: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    this.#committer = new Committer(parts.store);
  }

  get manifest(): Manifest {
    return this.#parts.build.manifest;
  }

  get root(): string {
    return this.#parts.root;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the overloads of Engine.start tie the result's type to the flow
  start(target: unknown, params: object = {}, options: StartOptions = {}): Run<any> {
    this.#checkOpen();
    const entry = this.#parts.build.flow(nameOf(target));
    checkParams(entry, params);
    const id = options.id === undefined ? newRunId(this.#parts.clock.now()) : checkRunId(options.id);
    if (this.#runs.has(id)) throw runExists(id);
    const run = this.#open({
      id,
      entry,
      params: encodeFor(`the start of ${entry.id}`, "params", definedOnly(params)),
      seed: randomUUID(),
      build: this.#parts.build,
      record: undefined,
      codeChanged: false,
      accepted: false,
    });
    void this.#lease(run, async () => {
      if ((await this.#parts.store.list({ run: id })).length > 0) throw runExists(id);
    }).catch((error: Error) => run.lose(error));
    return run;
  }

  async resume(id: string, options: ResumeOptions = {}): Promise<Run> {
    this.#checkOpen();
    const { store, build, stateDir } = this.#parts;
    const runId = checkRunId(id);
    if (this.#runs.has(runId)) throw notResumable(runId, "it is running in this engine", "Wait for its result.");
    const lease = await store.acquire(runId, this.#owner);
    try {
      const record = await readRunRecord(runId, store.read(runId), { reopen: options.reopen ?? false });
      const state = record.ended?.state;
      if (state === "succeeded")
        throw notResumable(runId, "it has succeeded", `Look at it with \`flow show ${runId}\`, or start a new run.`);
      if (state === "aborted" && !options.reopen)
        throw notResumable(runId, "it was cancelled", "Let it go on with --reopen.");
      const code = options.code === "recorded" ? await PinnedBuild.open(stateDir, record.build) : build;
      const entry = code.flow(record.started.flow);
      const run = this.#open({
        id: runId,
        entry,
        params: record.started.params.read(),
        seed: record.started.seed,
        build: code,
        record,
        codeChanged: !(await sameCode(code, stateDir, record.build)),
        accepted: options.accept ?? false,
      });
      run.begin(lease);
      return run;
    } catch (error) {
      await store.release([lease]);
      throw error;
    }
  }

  /** Goes on with every run whose owner died or that was interrupted. */
  async recover(): Promise<void> {
    for (const { id, state, reason, owner } of await this.#parts.store.list()) {
      const orphaned = state === "running" || (state === "suspended" && reason === "interrupt");
      if (orphaned && owner === undefined) await this.resume(id);
    }
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
    const { dispatcher, hub, closeExecutor, closeStore } = this.#parts;
    await Promise.all([...this.#runs.values()].map((run) => run.interrupt("the engine was closed")));
    await dispatcher.close();
    await closeExecutor?.();
    await this.#committer.drained();
    this.#stopHeartbeat?.();
    await Promise.all(this.#releases);
    await closeStore?.();
    await hub.close();
    this.#releaseStrays();
  }

  #checkOpen(): void {
    if (this.#closed)
      throw new MillraceError("engine-closed", "The engine has been closed.", {
        hint: "Open another with openEngine().",
      });
  }

  #open(
    part: Pick<RunSetup, "id" | "entry" | "params" | "seed" | "build" | "record" | "codeChanged" | "accepted">,
  ): RunController {
    const { dispatcher, clock, strict, hub } = this.#parts;
    const run = new RunController({
      ...part,
      dispatcher,
      committer: this.#committer,
      clock,
      strict,
      observers: hub,
      closed: (closed) => this.#release(closed),
    });
    this.#runs.set(part.id, run);
    this.#beat();
    return run;
  }

  async #lease(run: RunController, check: () => Promise<void>): Promise<void> {
    const lease: Lease = await this.#parts.store.acquire(run.id, this.#owner);
    try {
      await check();
    } catch (error) {
      await this.#parts.store.release([lease]);
      throw error;
    }
    run.begin(lease);
  }

  #release(run: RunController): void {
    this.#runs.delete(run.id);
    if (!run.lease) return;
    const released = this.#parts.store.release([run.lease]).catch(() => {
      // The store is gone: so is the lease, once this process has ended.
    });
    this.#releases.add(released);
    void released.then(() => this.#releases.delete(released));
  }

  #beat(): void {
    if (this.#stopHeartbeat) return;
    const beat = (): void => {
      this.#stopHeartbeat = this.#parts.clock.after(HEARTBEAT_MS, () => void this.#heartbeat().then(beat), {
        unref: true,
      });
    };
    beat();
  }

  async #heartbeat(): Promise<void> {
    await Promise.all(
      [...this.#runs.values()].map(async (run) => {
        if (!run.lease) return;
        await this.#parts.store.heartbeat([run.lease]).catch((error: Error) => run.lose(error));
      }),
    );
  }
}

function checkParams(entry: FlowEntry, params: object): void {
  const issues = compileValidator(entry.paramsSchema)(params);
  if (issues.length === 0) return;
  const list = issues.map((issue) => `  ${issue.message}`).join("\n");
  throw new MillraceError("invalid-parameters", `The parameters of ${entry.id} cannot be used:\n${list}`, {
    hint: `${entry.id} takes { ${entry.params.map((p) => `${p.name}${p.required ? "" : "?"}: ${p.text}`).join("; ")} }.`,
    data: { flow: entry.id, issues },
  });
}

function runExists(id: RunId): MillraceError {
  return new MillraceError("run-exists", `There is a run "${id}" already.`, {
    hint: `Give another id, or go on with that one: \`flow resume ${id}\`.`,
    data: { run: id },
  });
}

function notResumable(id: RunId, reason: string, hint: string): MillraceError {
  return new MillraceError("run-not-resumable", `Run ${id} cannot be resumed: ${reason}.`, {
    hint,
    data: { run: id },
  });
}
