/** Opens an engine for a test: the real one, on unbuilt classes, inline and in memory, with stand-ins for tasks. */
import { type Clock, MillraceError, type RunId, systemClock } from "@millrace/core";
import { type Engine, memoryStore, type Run } from "@millrace/runtime";
import { assembleEngine, inlineExecutorWith, nameOf, type TaskLoader } from "@millrace/runtime/internal";
import { type Callable, type ClassOf, Flow, flow } from "@millrace/sdk";
import { ManualClock } from "../clock/manual-clock.js";
import { EventLog } from "../events/event-log.js";
import type { StandIn } from "../stand-ins/stand-in.js";
import { knownBuild } from "./known-build.js";
import type { TestEngine, TestEngineOptions } from "./test-engine.js";
import { UnbuiltCode } from "./unbuilt-code.js";

const WIDTH = 64;

/**
 * Opens a test's engine. Close it with `await using`, or in a hook of the test.
 * @throws MillraceError `flow-misuse`, `invalid-options`; under the Vitest plugin also what opening the build throws.
 */
export async function openTestEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const root = process.cwd();
  const clock = options.clock ?? systemClock;
  const store = options.store ?? memoryStore({ clock });
  const standIns = byTask(options.standIns ?? []);
  const code = new UnbuiltCode(root, await knownBuild());
  for (const target of [...(options.classes ?? []), ...standIns.map(([, standIn]) => standIn.target)])
    code.learn(target);
  const executor = inlineExecutorWith(withStandIns(new Map(standIns), code.load), { width: WIDTH, clock });
  const events = new EventLog();
  let runs = 0;
  let seeds = 0;
  const engine = await assembleEngine({
    root,
    code,
    store,
    executor,
    observers: [events, ...(options.observers ?? [])],
    clock,
    maxConcurrency: options.maxConcurrency,
    strict: options.strict ?? false,
    newRunId: () => {
      runs += 1;
      return `test-${runs}` as RunId;
    },
    newSeed: () => {
      seeds += 1;
      return `${options.seed ?? "test"}/${seeds}`;
    },
    closeExecutor: () => executor.close(),
    closeStore: async () => {
      if (store !== options.store) await store.close();
    },
  });
  return around(engine, events, () =>
    close(
      engine,
      clock,
      standIns.map(([, standIn]) => standIn),
    ),
  );
}

/** An engine with the doors that tests want. */
function around(engine: Engine, events: EventLog, close: () => Promise<void>): TestEngine {
  let closed: Promise<void> | undefined;
  const closeOnce = (): Promise<void> => {
    closed ??= close();
    return closed;
  };
  const start = engine.start.bind(engine) as (target: unknown, params?: object, options?: object) => Run<never>;
  const startTask = (target: ClassOf<Callable>, params: object = {}, options: object = {}): Run<never> =>
    start(flowOf(target, params, options));
  // The types of the doors tie parameters and results together; what is behind them does not look at types.
  return {
    get manifest() {
      return engine.manifest;
    },
    root: engine.root,
    events,
    start,
    startTask,
    run: (target: unknown, params?: object, more?: object) => start(target, params, more).result(),
    runTask: (target: ClassOf<Callable>, params?: object, more?: object) => startTask(target, params, more).result(),
    resume: (id, more) => engine.resume(id, more),
    runs: () => engine.runs(),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  } as TestEngine;
}

let singles = 0;

/** A flow whose only step is a task. */
function flowOf(target: ClassOf<Callable>, params: object, options: object): ClassOf<Flow> {
  class SingleTask extends Flow {
    run(): Promise<unknown> {
      return (this as { call(...args: unknown[]): Promise<unknown> }).call(target, params, options);
    }
  }
  singles += 1;
  flow({ id: `${nameOf(target)} alone ${singles}` })(SingleTask);
  return SingleTask;
}

function byTask(standIns: readonly StandIn[]): [string, StandIn][] {
  const pairs = standIns.map((standIn): [string, StandIn] => [nameOf(standIn.target), standIn]);
  const twice = pairs.find(([id], i) => pairs.findIndex(([other]) => other === id) !== i);
  if (!twice) return pairs;
  throw new MillraceError("flow-misuse", `There are two stand-ins for ${twice[0]}.`, {
    hint: "Give one for each task.",
    data: { task: twice[0] },
  });
}

function withStandIns(standIns: ReadonlyMap<string, StandIn>, real: TaskLoader): TaskLoader {
  return (job) => standIns.get(job.task)?.load(job, real) ?? real(job);
}

async function close(engine: Engine, clock: Clock, standIns: readonly StandIn[]): Promise<void> {
  let closing = true;
  const closed = engine.close().finally(() => {
    closing = false;
  });
  // The signals have been given: what waits for the test, or for a clock that the test moves, would wait for ever.
  for (const standIn of standIns) standIn.release?.();
  while (closing && clock instanceof ManualClock) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1_000);
  }
  await closed;
  for (const standIn of standIns) await standIn.close?.();
}
