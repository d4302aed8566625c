/** Opens an engine for a test: the real one, on unbuilt classes, inline and in memory, with stand-ins for tasks. */
import { MillraceError, type RunId, systemClock } from "@millrace/core";
import { ContainerSpawner, type Engine, memoryStore, type Run, ShellSpawner, spawnExecutor } from "@millrace/runtime";
import {
  assembleEngine,
  checkCount,
  Dispatcher,
  engineLimits,
  inlineExecutorWith,
  kindsElsewhere,
  nameOf,
  Schedules,
  type TaskLoader,
} from "@millrace/runtime/internal";
import { type Callable, type ClassOf, Flow, flow } from "@millrace/sdk";
import { ManualClock } from "../clock/manual-clock.js";
import { EventLog } from "../events/event-log.js";
import { coverageWriter } from "../graph-coverage/witness-file.js";
import type { OpenStandIn, StandIn } from "../stand-ins/stand-in.js";
import { ImpatientClock } from "./impatient-clock.js";
import { knownBuild } from "./known-build.js";
import type { TestEngine, TestEngineOptions } from "./test-engine.js";
import { UnbuiltCode } from "./unbuilt-code.js";

const WIDTH = 64;
/** Turns of the event loop that aborted attempts have to end by themselves, if their time is a clock that stands still. */
const PATIENCE_TURNS = 10;

/**
 * Opens a test's engine. Close it with `await using`, or in a hook of the test.
 * @throws MillraceError `flow-misuse`, `invalid-options`; under the Vitest plugin also what opening the build throws.
 */
export async function openTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  checkCount("maxConcurrency", options.maxConcurrency);
  const limits = engineLimits({}, options);
  const root = process.cwd();
  const clock = options.clock ?? systemClock;
  const store = options.store ?? memoryStore({ clock });
  const build = await knownBuild();
  const code = new UnbuiltCode(root, build);
  for (const target of options.classes ?? []) code.learn(target);
  const standIns = standInsByTask(options.standIns ?? [], code);
  const opened = new Map([...standIns].map(([id, standIn]) => [id, standIn.open()]));
  const load = withStandIns(opened, code.load);
  const grace = new ImpatientClock(clock);
  const width = Math.max(WIDTH, options.maxConcurrency ?? WIDTH);
  const fakes = new Map(options.fakes?.map(({ target, instance }) => [target, instance]));
  const executor = inlineExecutorWith(load, { width, clock: grace, fakes });
  const shell = options.commands ?? new ShellSpawner(width, clock);
  const commands = spawnExecutor(shell, { name: "commands", clock: grace });
  const inContainers = options.containers ?? new ContainerSpawner({ maxConcurrency: width, clock });
  const containers = spawnExecutor(inContainers, { name: "containers", clock: grace });
  const executors = { tasks: executor, commands, containers };
  const stepLimits = { ...limits, elsewhere: kindsElsewhere(executors) };
  const events = new EventLog();
  const witness = build && coverageWriter();
  const tell = typeof options.schedules === "function" ? options.schedules : undefined;
  const schedules = options.schedules ? new Schedules({ manifest: code.manifest, store, clock, tell }) : undefined;
  let runs = 0;
  let seeds = 0;
  const engine = await assembleEngine({
    root,
    code,
    store,
    dispatcher: new Dispatcher(executors, clock, { ...stepLimits, maxConcurrency: options.maxConcurrency ?? WIDTH }),
    fakes,
    observers: [events, ...(options.observers ?? [])],
    clock,
    limits: stepLimits,
    strict: options.strict ?? build !== undefined,
    suspendWaiting: options.waits === "suspend",
    ...(witness ? { witness } : {}),
    ...(schedules ? { schedules } : {}),
    newRunId: () => {
      runs += 1;
      return `test-${runs}` as RunId;
    },
    newSeed: () => {
      seeds += 1;
      return `${options.seed ?? "test"}/${seeds}`;
    },
    closeExecutors: async () => {
      await executor.close();
      await commands.close();
      await containers.close();
    },
    ownsStore: store !== options.store,
  });
  await schedules?.begin(engine);
  const hurried = clock instanceof ManualClock ? grace : undefined;
  return around(engine, events, () => close(engine, [...opened.values()], hurried));
}

/** An engine with the doors that tests want. */
function around(engine: Engine, events: EventLog, close: () => Promise<void>): TestEngine {
  let closed: Promise<void> | undefined;
  const closeOnce = (): Promise<void> => {
    closed ??= close();
    return closed;
  };
  const start = engine.start.bind(engine) as (target: unknown, params?: object, options?: object) => Run<never>;
  let singles = 0;
  const startTask = (target: ClassOf<Callable>, params: object = {}, options: object = {}): Run<never> => {
    singles += 1;
    return start(flowOf(`${nameOf(target)} alone ${singles}`, [target, params, options]));
  };
  // The types of the doors tie parameters and results together; what is behind them does not look at types.
  return {
    get manifest() {
      return engine.manifest;
    },
    root: engine.root,
    events,
    start,
    startTask,
    // Asynchronous, so that what `start` throws is a rejection too.
    run: async (target: unknown, params?: object, more?: object) => await start(target, params, more).result(),
    runTask: async (target: ClassOf<Callable>, params?: object, more?: object) =>
      await startTask(target, params, more).result(),
    resume: (id, more) => engine.resume(id, more),
    local: (name, fn) => engine.local(name, fn),
    plan: (id, more) => engine.plan(id, more),
    send: (id, name, data) => engine.send(id, name, data),
    runs: () => engine.runs(),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  } as TestEngine;
}

/** A flow whose only step is a task. */
function flowOf(id: string, call: readonly unknown[]): ClassOf<Flow> {
  class SingleTask extends Flow {
    run(): Promise<unknown> {
      return (this as { call(...args: unknown[]): Promise<unknown> }).call(...call);
    }
  }
  flow({ id })(SingleTask);
  return SingleTask;
}

function standInsByTask(standIns: readonly StandIn[], code: UnbuiltCode): ReadonlyMap<string, StandIn> {
  const found = new Map<string, StandIn>();
  for (const standIn of standIns) {
    const { id, kind } = code.learn(standIn.target);
    if (kind === "flow") {
      throw new MillraceError("flow-misuse", `${id} is a flow, and only tasks have stand-ins.`, {
        hint: "Its body runs on the main thread: give stand-ins for the tasks that it calls.",
        data: { flow: id },
      });
    }
    if (found.has(id)) {
      throw new MillraceError("flow-misuse", `There are two stand-ins for ${id}.`, {
        hint: "Give one for each task.",
        data: { task: id },
      });
    }
    found.set(id, standIn);
  }
  return found;
}

function withStandIns(standIns: ReadonlyMap<string, OpenStandIn>, real: TaskLoader): TaskLoader {
  return (job) => standIns.get(job.task)?.load(job, real) ?? real(job);
}

async function close(engine: Engine, standIns: readonly OpenStandIn[], hurried?: ImpatientClock): Promise<void> {
  let closing = true;
  const closed = engine.close().finally(() => {
    closing = false;
  });
  // The signals have been given: what waits for the test, or for a clock that the test moves, would wait for ever.
  for (const standIn of standIns) standIn.release?.();
  for (let turn = 0; closing && hurried; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (turn >= PATIENCE_TURNS) hurried.fireAll();
  }
  await closed;
  // All of them, whatever becomes of one.
  const ends = await Promise.allSettled(standIns.map((standIn) => standIn.close?.()));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
