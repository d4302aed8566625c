/** An engine that is closed in the middle of a run, when what it has begun is held, and another that goes on with what is on record. */
import { EventEmitter, once } from "node:events";
import type { LocalFunction, RunEvent, RunStore } from "@millrace/core";
import {
  type Engine,
  openEngine,
  type Run,
  ShellSpawner,
  type SpawnedJob,
  type Spawner,
  spawnExecutor,
} from "@millrace/runtime";
import { expect } from "vitest";
import { OwnPlace } from "./places.js";

/** Attempts of the first life that come to their end. */
const BEFORE_THE_CUT = 2;

/** A place that holds what comes later than the first attempts. */
class HoldingPlace implements Spawner {
  readonly maxConcurrency = 4;
  readonly #place: Spawner;
  readonly #held: () => void;
  #begun = 0;

  constructor(place: Spawner, held: () => void) {
    this.#place = place;
    this.#held = held;
  }

  async spawn(job: SpawnedJob, signal: AbortSignal): Promise<unknown> {
    this.#begun += 1;
    if (this.#begun <= BEFORE_THE_CUT) return this.#place.spawn(job, signal);
    this.#held();
    await once(signal, "abort");
    throw signal.reason;
  }
}

/** What the front ends call of an engine, and how both lives end. */
export interface TwoLives {
  readonly engine: Engine;
  close(): Promise<void>;
}

/** @param openStore Opens the same store again, each time. */
export async function twoLives(cwd: string, openStore: () => RunStore | Promise<RunStore>): Promise<TwoLives> {
  const told = new EventEmitter();
  const closers: (() => Promise<unknown>)[] = [];
  const open = async (around = (place: Spawner) => place): Promise<Engine> => {
    const store = await openStore();
    const executor = spawnExecutor(around(new OwnPlace()));
    const commands = around(new ShellSpawner(4));
    const engine = await openEngine({ cwd, store, executor, commands, observers: [] });
    closers.push(async () => {
      await engine.close();
      await executor.close();
      await store.close();
    });
    return engine;
  };
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0)) await closer();
  };
  const first = await open((place) => new HoldingPlace(place, () => told.emit("held")));

  const start = (target: unknown, ...more: readonly unknown[]): Pick<Run, "events" | "outcome" | "steps"> => {
    const held = once(told, "held");
    // What a front end starts is for the engine to check.
    const run = (first.start as (...args: readonly unknown[]) => Run)(target, ...more);
    const events = collect(run.events(), ({ type }) => type === "step-settled" && told.emit("settled"));
    const settled = once(told, "settled");
    const goOn = async () => {
      await Promise.all([held, settled]);
      await close();
      expect((await run.outcome()).status).toBe("suspended");
      const second = await open();
      const locals = (target as { readonly locals?: Readonly<Record<string, LocalFunction>> }).locals;
      const later = await second.resume(run.id, locals ? { locals } : {});
      return { later, events: collect(later.events()) };
    };
    const second = goOn();
    return {
      async *events() {
        yield* await events;
        yield* await (await second).events;
      },
      async outcome() {
        const { later } = await second;
        const outcome = await later.outcome();
        expect(later.totals.restored).toBeGreaterThan(0);
        return outcome;
      },
      async *steps() {
        yield* (await second).later.steps();
      },
    };
  };
  return { engine: { start } as unknown as Engine, close };
}

async function collect(events: AsyncIterable<RunEvent>, tell: (event: RunEvent) => void = () => {}) {
  const all: RunEvent[] = [];
  for await (const event of events) {
    all.push(event);
    tell(event);
  }
  return all;
}
