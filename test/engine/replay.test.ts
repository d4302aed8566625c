/** Replay: random bodies, cut after any prefix of their record, go on exactly as they went, and nothing recorded runs twice. */
import type { Durability, Fact, OwnerInfo, RunId, RunStore } from "@millrace/core";
import { inlineExecutor, memoryStore, openEngine, type Run } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handProject } from "./hand-built.js";
import { MODULE, type Piece, program, random } from "./random-bodies.js";

const BODIES = Number(process.env.MILLRACE_BODIES ?? 300);
const UNSOUND = 100;
/** Every prefix of every body is tried, or one of each. */
const EVERY_PREFIX = process.env.MILLRACE_PREFIXES === "all";
const LIMIT_MS = 200 * BODIES * (EVERY_PREFIX ? 30 : 1);
const OWNER: OwnerInfo = { pid: 1, processStart: "0", boot: "none", host: "none", engine: "cutter" };
const RUN = "random" as RunId;

/** What the interpreting module looks for on the global object. */
interface Hooks {
  behave: (step: string, attempt: number, x: number) => unknown;
  trace: (line: string) => void;
  /** What a body without soundness reads. */
  hidden: number;
}
const hooks = globalThis as unknown as Hooks;

const projects = new Map<Durability, TestProject>();

beforeAll(async () => {
  for (const durability of ["before", "behind"] as const) {
    const flow = {
      params: { properties: { program: {}, x: {} } },
      ...(durability === "behind" ? { durability } : {}),
    };
    const tasks = { T0: {}, T1: {}, T2: {}, T3: {} };
    projects.set(durability, await handProject({ module: MODULE, tasks, flows: { Random: flow, Inner: flow } }));
  }
});

afterAll(() => Promise.all([...projects.values()].map((project) => project.remove())));

interface Life {
  readonly trace: readonly string[];
  /** Keys of the steps that ran, in order. */
  readonly ran: readonly string[];
  readonly outcome: string;
  readonly facts: readonly Fact[];
}

/** Lives through a run, from its start or from what the store holds; outcomes and pauses come from the seed. */
async function live(
  store: RunStore,
  code: Piece,
  seed: number,
  resumed: boolean,
  durability: Durability = "before",
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
    cwd: projects.get(durability)?.root ?? "",
    store,
    executor: inlineExecutor({ width: 8 }),
    observers: [],
  });
  try {
    run = resumed ? await engine.resume(RUN) : engine.start("Random", { program: code }, { id: RUN });
    const outcome = await run.outcome();
    await Promise.all(sent);
    const said =
      outcome.status === "succeeded"
        ? `=${outcome.value}`
        : outcome.status === "failed"
          ? outcome.error.message
          : outcome.status === "suspended"
            ? outcome.reason
            : outcome.status;
    const facts: Fact[] = [];
    for await (const fact of store.read(RUN)) facts.push(fact);
    return { trace, ran, outcome: said, facts };
  } finally {
    await engine.close();
  }
}

/** A store that holds the first facts of a life. */
async function prefix(facts: readonly Fact[], length: number): Promise<RunStore> {
  const store = memoryStore();
  const lease = await store.acquire(RUN, OWNER);
  await store.append([{ run: RUN, epoch: lease.epoch, facts: facts.slice(0, length) }]);
  await store.release([lease]);
  return store;
}

function isSettlement(fact: Fact): fact is Extract<Fact, { readonly body: string; readonly state: string }> {
  return fact.kind === "step-settled" || fact.kind === "activation-settled" || fact.kind === "shared-used";
}

function settledKeys(facts: readonly Fact[]): string[] {
  return facts.flatMap((fact) => (isSettlement(fact) ? [fact.key] : []));
}

/** Lines of the run's own body; those of sub-flows stand indented, and are missing where one was restored whole. */
function ownLines(trace: readonly string[]): string[] {
  return trace.filter((line) => !line.startsWith(" "));
}

/** What the run's own body said up to its n-th delivery. */
function untilDelivery(trace: readonly string[], n: number): string[] {
  const lines = ownLines(trace);
  let left = n;
  const end = lines.findIndex((line) => / (got|failed) /.test(line) && left-- === 0);
  return end < 0 ? lines : lines.slice(0, end);
}

/** Recorded deliveries of the run's own body. */
function ownDeliveries(facts: readonly Fact[]): number {
  return facts.filter((fact) => isSettlement(fact) && fact.body === "Random" && !fact.late).length;
}

describe("replay of random bodies", { timeout: LIMIT_MS }, () => {
  it(`restores ${BODIES} bodies from their whole record: same trace, same outcome, nothing runs`, async () => {
    for (let seed = 1; seed <= BODIES; seed++) {
      const code = program(random(seed));
      const first = await live(memoryStore(), code, seed, false);
      // All but the end: the process died just before it.
      const second = await live(await prefix(first.facts, first.facts.length - 1), code, seed + 1_000_000, true);
      expect(ownLines(second.trace), `body ${seed}`).toEqual(ownLines(first.trace));
      expect(second.outcome, `body ${seed}`).toBe(first.outcome);
      // Only what was still running when the body ended may start again, and only to be aborted.
      expect(second.ran, `body ${seed}`).toEqual([]);
    }
  });

  it.each([
    { durability: "before", bodies: BODIES },
    { durability: "behind", bodies: BODIES / 3 },
  ] as const)(
    `goes on from ${EVERY_PREFIX ? "every" : "a random"} prefix of $bodies bodies as the record says, and runs nothing recorded (durability: $durability)`,
    async ({ durability, bodies }) => {
      let cutInside = 0;
      for (let seed = 1; seed <= bodies; seed++) {
        const code = program(random(seed));
        const first = await live(memoryStore(), code, seed, false, durability);
        const most = first.facts.length - 1;
        const one = 1 + Math.floor(random(seed * 31)() * most);
        for (const length of EVERY_PREFIX ? Array.from({ length: most }, (_, i) => i + 1) : [one]) {
          const kept = first.facts.slice(0, length);
          const second = await live(await prefix(first.facts, length), code, seed + 2_000_000, true, durability);
          const recorded = new Set(settledKeys(kept));
          expect(
            second.ran.filter((key) => recorded.has(key)),
            `body ${seed}, cut after ${length}, ran a recorded step again`,
          ).toEqual([]);
          const n = ownDeliveries(kept);
          expect(untilDelivery(second.trace, n), `body ${seed}, cut after ${length}, saw another order`).toEqual(
            untilDelivery(first.trace, n),
          );
          if (length > 2 && length < most) cutInside++;
        }
      }
      // The cuts really fall inside: otherwise this test would show nothing.
      expect(cutInside).toBeGreaterThan(bodies / 2);
    },
  );

  it(`stops ${UNSOUND} bodies that read what no record holds, before any new effect`, async () => {
    for (let seed = 1; seed <= UNSOUND; seed++) {
      const code = program(random(seed), "unsound");
      hooks.hidden = 0;
      const first = await live(memoryStore(), code, seed, false);
      // The step that was chosen by it has been recorded.
      const chosen = first.facts.findIndex((fact) => fact.kind === "step-settled" && fact.task.startsWith("T"));
      const length = chosen + 1 + Math.floor(random(seed * 41)() * (first.facts.length - 1 - chosen));
      hooks.hidden = 1;
      const second = await live(await prefix(first.facts, length), code, seed + 5_000_000, true);
      expect({ outcome: second.outcome, ran: second.ran }, `body ${seed}`).toEqual({ outcome: "diverged", ran: [] });
    }
  });

  it("goes on from a prefix of a second life, which tried a failure again, in the order of that life", async () => {
    let secondLives = 0;
    for (let seed = 1; seed <= BODIES; seed++) {
      const code = program(random(seed));
      const first = await live(memoryStore(), code, seed, false);
      if (!/^e\d$/.test(first.outcome)) continue;
      const second = await live(await prefix(first.facts, first.facts.length), code, seed + 3_000_000, true);
      const begin = first.facts.length + 1;
      if (second.facts.length - begin < 3) continue;
      secondLives++;
      const length = begin + 1 + Math.floor(random(seed * 37)() * (second.facts.length - begin - 2));
      const kept = second.facts.slice(0, length);
      const third = await live(await prefix(second.facts, length), code, seed + 4_000_000, true);
      const n =
        ownDeliveries(kept.slice(begin)) + kept.filter((f) => f.kind === "record-moved" && f.body === "Random").length;
      expect(untilDelivery(third.trace, n), `body ${seed} saw another order`).toEqual(untilDelivery(second.trace, n));
      const inSecond = new Set(settledKeys(kept.slice(begin)));
      expect(
        third.ran.filter((key) => inSecond.has(key)),
        `body ${seed} ran a recorded step again`,
      ).toEqual([]);
    }
    expect(secondLives).toBeGreaterThan(BODIES / 20);
  });
});
