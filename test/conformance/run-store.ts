/**
 * What every RunStore promises, as one suite. An adapter's spec is a call of `runStoreConformance` with a way to open
 * stores; two stores opened by one home see the same runs.
 */
import {
  bytesInMemory,
  type Clock,
  type Fact,
  type FactBatch,
  isMillraceError,
  type Lease,
  MillraceError,
  type RunId,
  type RunStore,
} from "@millrace/core";
import { ownerInfo } from "@millrace/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOwner } from "./owners.js";
import { bytes, collect, everyFact, plain, runStarted, stepSettled } from "./sample-facts.js";

/** The place of one test's runs. */
export interface StoreHome {
  /** A new door to the same runs. */
  open(clock: Clock): Promise<RunStore>;
  /** Removes everything. */
  remove(): Promise<void>;
}

/** How the store is reached, and what it does not promise. */
export interface ConformanceOptions {
  /** A fresh, empty place. */
  readonly make: () => Promise<StoreHome>;
  /** True if runs outlive the store that wrote them. */
  readonly durable: boolean;
  /** True where the store cannot run at all; the suite is then skipped by name. */
  readonly skip?: boolean;
}

/** A clock that stands still unless it is moved. */
class StillClock implements Clock {
  #now = 1_700_000_000_000;
  now(): number {
    return this.#now;
  }
  after(): () => void {
    throw new Error("a store has no timers");
  }
  move(ms: number): void {
    this.#now += ms;
  }
}

// Safe: run ids are checked where users give them, before any store sees them.
const A = "run-a" as RunId;
const B = "run-b" as RunId;
const me = ownerInfo("engine-1");
const other = ownerInfo("engine-2");

/** Registers the suite. */
export function runStoreConformance(name: string, options: ConformanceOptions): void {
  describe.skipIf(options.skip === true)(`run store: ${name}`, () => {
    let clock: StillClock;
    let home: StoreHome;
    let store: RunStore;
    beforeEach(async () => {
      clock = new StillClock();
      home = await options.make();
      store = await home.open(clock);
    });
    afterEach(async () => {
      await store.close();
      await home.remove();
    });

    const append = (lease: Lease, ...facts: readonly Fact[]): Promise<void> => store.append([{ ...lease, facts }]);
    const recorded = async (run: RunId, from = store): Promise<unknown[]> => (await collect(from.read(run))).map(plain);

    describe("facts", () => {
      it("come back in order, of every kind, with every field and no other", async () => {
        const facts = everyFact();
        await append(await store.acquire(A, me), ...facts);
        expect(await recorded(A)).toStrictEqual(facts.map(plain));
      });

      it("come back exactly, whatever the text", async () => {
        const lease = await store.acquire(A, me);
        const nasty = [
          "a\0b",
          "\0",
          "lone \ud800 surrogate",
          "\udfff",
          "pair 😀",
          "",
          "'; DROP TABLE facts; --",
          "\u{feff}é\n",
        ];
        const facts: Fact[] = [runStarted("flow\0\ud800")];
        for (const text of nasty) {
          // Safe: to the store these are opaque texts.
          const step = { ...stepSettled(facts.length + 1), key: text, node: text, task: text } as Fact;
          facts.push(step, { kind: "message", seq: facts.length + 2, at: 1, name: text, value: bytes(text) });
        }
        await append(lease, ...facts);
        expect(await recorded(A)).toStrictEqual(facts.map(plain));
        expect(await store.list({ flow: "flow\0\ud800" })).toHaveLength(1);
      });

      it("come back exactly, whatever the number", async () => {
        const numbers = [0, 0.1, 1.5, -1, 2 ** 31, 2 ** 53, 2 ** 53 - 1, Number.MAX_VALUE, Number.MIN_VALUE];
        const facts: Fact[] = [runStarted()];
        for (const n of numbers) {
          const seq = facts.length + 1;
          facts.push({ ...stepSettled(seq), at: n, readyAt: n, startedAt: n, endedAt: n });
        }
        await append(await store.acquire(A, me), ...facts);
        expect(await recorded(A)).toStrictEqual(facts.map(plain));
      });

      it("come back exactly, whatever the bytes", async () => {
        const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
        const sizes = [0, 1, 4_095, 4_096, 4_097, 65_536, 262_143, 262_144, 262_145, 1_000_000];
        const values = [all, all.subarray(100, 103), ...sizes.map((size) => new Uint8Array(size).fill(size % 251))];
        const facts = [runStarted(), ...values.map((value, i) => stepSettled(i + 2, bytesInMemory(value)))];
        await append(await store.acquire(A, me), ...facts);
        const read = await collect(store.read(A));
        read.slice(1).forEach((fact, i) => {
          const value = (fact as { value?: { size: number; read(): Uint8Array } }).value;
          expect(value?.size).toBe(values[i]?.byteLength);
          expect(Buffer.compare(value?.read() ?? all, values[i] ?? new Uint8Array())).toBe(0);
        });
      });

      it("keep their bytes when the appender uses its buffer again", async () => {
        const buffer = new TextEncoder().encode("first");
        await append(await store.acquire(A, me), runStarted(), stepSettled(2, bytesInMemory(buffer)));
        buffer.fill(0);
        const [, step] = await collect(store.read(A));
        expect(step && plain(step).value).toStrictEqual([5, ...new TextEncoder().encode("first")]);
      });

      it("ask for the bytes of a value once at most, when they are appended", async () => {
        let reads = 0;
        const counted = { size: 3, read: () => new Uint8Array([1, 2, reads++]) };
        await append(await store.acquire(A, me), runStarted(), stepSettled(2, counted));
        expect(reads).toBe(1);
      });

      it("of 5,000 steps are appended at once and read in order", async () => {
        const facts = [runStarted(), ...Array.from({ length: 4_999 }, (_, i) => stepSettled(i + 2))];
        await append(await store.acquire(A, me), ...facts);
        let seq = 0;
        for await (const fact of store.read(A)) expect(fact.seq).toBe(++seq);
        expect(seq).toBe(5_000);
      });

      it("of one run are committed in the order of their appends, also behind large values", async () => {
        const lease = await store.acquire(A, me);
        const large = bytesInMemory(new Uint8Array(400_000).fill(7));
        await Promise.all([
          append(lease, runStarted()),
          append(lease, stepSettled(2, large)),
          append(lease, stepSettled(3)),
          append(lease, stepSettled(4, large)),
          append(lease, stepSettled(5)),
        ]);
        expect((await collect(store.read(A))).map((fact) => fact.seq)).toEqual([1, 2, 3, 4, 5]);
      });

      it("of an unknown run are refused by name", async () => {
        await expect(collect(store.read(B))).rejects.toMatchObject({ code: "unknown-run", data: { run: B } });
        await store.acquire(B, me);
        await expect(collect(store.read(B))).rejects.toMatchObject({ code: "unknown-run" });
      });
    });

    describe("atomicity", () => {
      it.each([
        ["a gap", [stepSettled(3)]],
        ["a repetition", [stepSettled(1)]],
        ["a gap behind good facts", [stepSettled(2), stepSettled(4)]],
        ["a second start", [{ ...runStarted(), seq: 2 }]],
      ])("refuses %s as a bug and writes nothing of the append", async (_, facts) => {
        const [a, b] = [await store.acquire(A, me), await store.acquire(B, me)];
        await append(a, runStarted());
        const batches: FactBatch[] = [
          { ...b, facts: [runStarted()] },
          { ...a, facts },
        ];
        await expect(store.append(batches)).rejects.toMatchObject({ code: "internal-bug" });
        expect(await recorded(A)).toHaveLength(1);
        expect((await store.list()).map((run) => run.id)).toEqual([A]);
      });

      it("refuses a run that does not begin with its start", async () => {
        const lease = await store.acquire(A, me);
        await expect(append(lease, { ...stepSettled(1) })).rejects.toMatchObject({ code: "internal-bug" });
        expect(await store.list()).toEqual([]);
      });

      it("writes nothing when a value cannot be read", async () => {
        const lease = await store.acquire(A, me);
        const broken = {
          size: 5,
          read: (): Uint8Array => {
            throw new MillraceError("value-unreadable", "no");
          },
        };
        await expect(append(lease, runStarted(), stepSettled(2, broken))).rejects.toMatchObject({
          code: "value-unreadable",
        });
        expect(await store.list()).toEqual([]);
        await append(lease, runStarted());
        expect(await recorded(A)).toHaveLength(1);
      });

      it("takes two batches of one run in one append", async () => {
        const lease = await store.acquire(A, me);
        await store.append([
          { ...lease, facts: [runStarted()] },
          { ...lease, facts: [] },
          { ...lease, facts: [stepSettled(2)] },
        ]);
        expect(await recorded(A)).toHaveLength(2);
        await store.append([]);
      });
    });

    describe("the list", () => {
      it("folds the state of a run over its facts", async () => {
        const lease = await store.acquire(A, me);
        const at = 1_700_000_000_000;
        const steps: [Fact, Record<string, unknown>][] = [
          [runStarted("F", at), { state: "running", startedAt: at, updatedAt: at, seq: 1, build: "b1" }],
          [stepSettled(2), { state: "running", startedAt: at, updatedAt: at + 2, seq: 2 }],
          [
            { kind: "run-suspended", seq: 3, at: at + 3, reason: "wait", message: "m" },
            { state: "suspended", reason: "wait" },
          ],
          // Safe: opaque text.
          [
            { kind: "run-resumed", seq: 4, at: at + 4, build: "b2" as never, dropped: [] },
            { state: "running", build: "b2", reason: undefined },
          ],
          [{ kind: "run-ended", seq: 5, at: at + 5, state: "failed", blamed: [], orphans: [] }, { state: "failed" }],
          [{ kind: "run-resumed", seq: 6, at: at + 6, build: "b2" as never, dropped: [2] }, { state: "running" }],
          [
            { kind: "run-ended", seq: 7, at: at + 7, state: "succeeded", blamed: [], orphans: [] },
            { state: "succeeded", updatedAt: at + 7 },
          ],
          [stepSettled(8), { state: "succeeded", seq: 8 }],
        ];
        for (const [fact, expected] of steps) {
          await append(lease, fact);
          const [line] = await store.list({ run: A });
          expect({ reason: undefined, ...line }).toMatchObject({ id: A, flow: "F", ...expected });
        }
      });

      it("is newest first, whole, of one flow, or of one run", async () => {
        const runs: [RunId, string, number][] = [
          [A, "F", 100],
          [B, "G", 300],
          ["run-c" as RunId, "F", 200],
          ["run-d" as RunId, "F", 200],
        ];
        for (const [run, flow, at] of runs) await append(await store.acquire(run, me), runStarted(flow, at));
        const ids = async (filter?: Parameters<RunStore["list"]>[0]): Promise<string[]> =>
          (await store.list(filter)).map((run) => run.id);
        expect(await ids()).toEqual([B, "run-d", "run-c", A]);
        expect(await ids({ flow: "F" })).toEqual(["run-d", "run-c", A]);
        expect(await ids({ run: B })).toEqual([B]);
        expect(await ids({ run: B, flow: "F" })).toEqual([]);
        expect(await ids({ flow: "none" })).toEqual([]);
      });

      it("names the owner while it lives and holds the run", async () => {
        const lease = await store.acquire(A, me);
        await append(lease, runStarted());
        expect((await store.list())[0]?.owner).toStrictEqual(me);
        expect((await store.list({ run: A }))[0]?.owner).toStrictEqual(me);
        await store.release([lease]);
        expect((await store.list())[0]).not.toHaveProperty("owner");
        await store.acquire(A, { ...other, pid: 2 ** 22 + 1 });
        expect((await store.list())[0]).not.toHaveProperty("owner");
      });
    });

    describe("ownership", () => {
      it("raises the epoch by each acquisition", async () => {
        for (const epoch of [1, 2, 3]) {
          const lease = await store.acquire(A, me);
          expect(lease).toStrictEqual({ run: A, epoch });
          await store.release([lease]);
        }
      });

      it("is refused to a second living engine, with pid, host and run", async () => {
        await store.acquire(A, me);
        const refusal = await store.acquire(A, other).catch((error: unknown) => error);
        expect(isMillraceError(refusal)).toBe(true);
        expect(refusal).toMatchObject({ code: "run-owned", data: { run: A, owner: me } });
        expect((refusal as MillraceError).message).toContain(String(me.pid));
        expect((refusal as MillraceError).message).toContain(me.host);
        expect((refusal as MillraceError).hint).toBeTruthy();
      });

      it("asked for twice by one engine is a bug", async () => {
        await store.acquire(A, me);
        await expect(store.acquire(A, me)).rejects.toMatchObject({ code: "internal-bug" });
      });

      it("of a process is kept while it lives, and taken over when it is dead", async () => {
        const child = await startOwner();
        const stale = await store.acquire(A, child.owner);
        await append(stale, runStarted());
        await expect(store.acquire(A, me)).rejects.toMatchObject({ code: "run-owned" });
        // Long without a heartbeat: the process is there, so it is only slow.
        clock.move(3_600_000);
        await expect(store.acquire(A, me)).rejects.toMatchObject({ code: "run-owned" });
        await child.end();
        expect((await store.list())[0]).not.toHaveProperty("owner");
        const lease = await store.acquire(A, me);
        expect(lease.epoch).toBe(stale.epoch + 1);
        await expect(append(stale, stepSettled(2))).rejects.toMatchObject({ code: "ownership-lost" });
        await append(lease, stepSettled(2));
      });

      it("is taken over from a reused pid and from before a reboot", async () => {
        await store.acquire(A, { ...me, engine: "x", processStart: "1" });
        await store.acquire(A, { ...me, engine: "y", boot: "another-boot" });
        if (me.boot === "") return;
        await expect(store.acquire(A, me)).resolves.toMatchObject({ epoch: 3 });
      });

      it("of another host lasts as long as its heartbeat", async () => {
        const far = { ...other, host: "far-away", pid: 1 };
        const lease = await store.acquire(A, far);
        clock.move(29_999);
        await store.heartbeat([lease]);
        clock.move(29_999);
        await expect(store.acquire(A, me)).rejects.toMatchObject({ code: "run-owned" });
        clock.move(1);
        await expect(store.acquire(A, me)).resolves.toMatchObject({ epoch: 2 });
        await expect(store.heartbeat([lease])).rejects.toMatchObject({ code: "ownership-lost", data: { run: A } });
      });

      it("lost is reported by a heartbeat, and the other leases live on", async () => {
        const lost = await store.acquire(A, { ...other, host: "far-away" });
        const held = await store.acquire(B, { ...other, host: "far-away" });
        clock.move(20_000);
        await expect(store.heartbeat([{ ...lost, epoch: 7 }, held])).rejects.toMatchObject({ data: { run: A } });
        clock.move(20_000);
        await expect(store.acquire(B, me)).rejects.toMatchObject({ code: "run-owned" });
        await expect(store.acquire(A, me)).resolves.toMatchObject({ epoch: 2 });
      });

      it("lost stops the facts of that run alone", async () => {
        const [a, b] = [await store.acquire(A, me), await store.acquire(B, me)];
        const batches = [
          { ...a, epoch: a.epoch + 1, facts: [runStarted()] },
          { ...b, facts: [runStarted()] },
        ];
        await expect(store.append(batches)).rejects.toMatchObject({ code: "ownership-lost", data: { run: A } });
        await expect(collect(store.read(A))).rejects.toMatchObject({ code: "unknown-run" });
        expect(await recorded(B)).toHaveLength(1);
      });

      it("given back or never taken allows no facts", async () => {
        const lease = await store.acquire(A, me);
        await append(lease, runStarted());
        await store.release([lease]);
        await expect(append(lease, stepSettled(2))).rejects.toMatchObject({ code: "ownership-lost" });
        await expect(append({ run: B, epoch: 1 }, runStarted())).rejects.toMatchObject({ code: "ownership-lost" });
        await expect(store.heartbeat([lease])).rejects.toMatchObject({ code: "ownership-lost" });
      });

      it("is not given back by a stale lease", async () => {
        const lease = await store.acquire(A, me);
        await store.release([{ ...lease, epoch: 0 }]);
        await append(lease, runStarted());
      });
    });

    describe("requests", () => {
      it("reach the owner of their run once, in order", async () => {
        const [a, b] = [await store.acquire(A, me), await store.acquire(B, me)];
        await store.request({ run: A, kind: "send", name: "approval\0\ud800", value: new Uint8Array([1, 0, 255]) });
        await store.request({ run: B, kind: "break", name: "x", value: new Uint8Array() });
        clock.move(5);
        await store.request({ run: A, kind: "cancel", name: "", value: new Uint8Array(300_000).fill(3) });
        const taken = await store.takeRequests([a]);
        expect(taken.map(({ run, kind, name, at }) => [run, kind, name, at])).toEqual([
          [A, "send", "approval\0\ud800", clock.now() - 5],
          [A, "cancel", "", clock.now()],
        ]);
        expect(taken.map((request) => [...request.value.subarray(0, 3)])).toEqual([
          [1, 0, 255],
          [3, 3, 3],
        ]);
        expect(taken[0]?.id).toBeLessThan(taken[1]?.id ?? 0);
        expect(await store.takeRequests([a])).toEqual([]);
        expect((await store.takeRequests([a, b])).map((request) => request.run)).toEqual([B]);
      });

      it("wait for the owner, and are not taken by a stale one", async () => {
        await store.request({ run: A, kind: "cancel", name: "", value: new Uint8Array() });
        const stale = await store.acquire(A, me);
        await store.release([stale]);
        expect(await store.takeRequests([stale])).toEqual([]);
        const lease = await store.acquire(A, other);
        expect(await store.takeRequests([stale])).toEqual([]);
        expect(await store.takeRequests([lease])).toHaveLength(1);
      });
    });

    describe("closing", () => {
      it("can be repeated, and lets nothing happen afterwards", async () => {
        const lease = await store.acquire(A, me);
        await store.close();
        await store.close();
        const calls = [
          () => append(lease, runStarted()),
          () => collect(store.read(A)),
          () => store.list(),
          () => store.acquire(B, me),
          () => store.heartbeat([lease]),
          () => store.release([lease]),
          () => store.request({ run: A, kind: "cancel", name: "", value: new Uint8Array() }),
          () => store.takeRequests([lease]),
        ];
        for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "internal-bug" });
      });

      it("waits for the appends before it", async () => {
        const lease = await store.acquire(A, me);
        const appended = append(lease, runStarted(), stepSettled(2, bytesInMemory(new Uint8Array(500_000))));
        await Promise.all([appended, store.close()]);
      });
    });

    describe.skipIf(!options.durable)("two doors", () => {
      it("see each other's runs, owners and requests", async () => {
        const second = await home.open(clock);
        const lease = await store.acquire(A, me);
        await append(lease, runStarted(), stepSettled(2));
        expect(await recorded(A, second)).toHaveLength(2);
        await expect(second.acquire(A, other)).rejects.toMatchObject({ code: "run-owned" });
        await second.request({ run: A, kind: "cancel", name: "", value: new Uint8Array() });
        expect(await store.takeRequests([lease])).toHaveLength(1);
        await store.release([lease]);
        const next = await second.acquire(A, other);
        await expect(append(lease, stepSettled(3))).rejects.toMatchObject({ code: "ownership-lost" });
        await second.append([{ ...next, facts: [stepSettled(3)] }]);
        expect(await recorded(A)).toHaveLength(3);
        await second.close();
      });

      it("give the same runs after all others were closed", async () => {
        const facts = everyFact();
        const lease = await store.acquire(A, me);
        await append(lease, ...facts);
        const before = await store.list();
        await store.close();
        store = await home.open(clock);
        expect(await recorded(A)).toStrictEqual(facts.map(plain));
        expect(await store.list()).toStrictEqual(before);
        await append(lease, stepSettled(facts.length + 1));
      });
    });
  });
}
