/** What is appended comes back, exactly. A part of the store's suite. */
import { bytesInMemory, type Fact } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { plainFact, recordedFacts } from "../samples/recorded-facts.js";
import { everyFact, runStartedFact, stepSettledFact, storedText } from "../samples/sample-facts.js";
import { A, B, ME, type StoreUnderTest } from "./store-under-test.js";

/** Declares this part. */
export function describeFacts(subject: StoreUnderTest): void {
  describe("facts", () => {
    it("come back in order, of every kind, with every field and no other", async () => {
      const facts = everyFact();
      await subject.append(await subject.store.acquire(A, ME), ...facts);
      expect(await subject.recorded(A)).toStrictEqual(facts.map(plainFact));
    });

    it("come back exactly, whatever the text", async () => {
      const lease = await subject.store.acquire(A, ME);
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
      const facts: Fact[] = [runStartedFact("flow\0\ud800")];
      for (const text of nasty) {
        // Safe: to the store these are opaque texts.
        const step = { ...stepSettledFact(facts.length + 1), key: text, node: text, task: text } as Fact;
        facts.push(step, {
          kind: "message",
          seq: facts.length + 2,
          at: 1,
          id: text,
          name: text,
          value: storedText(text),
        });
      }
      await subject.append(lease, ...facts);
      expect(await subject.recorded(A)).toStrictEqual(facts.map(plainFact));
      expect(await subject.store.list({ flow: "flow\0\ud800" })).toHaveLength(1);
    });

    it("come back exactly, whatever the number", async () => {
      const numbers = [0, 0.1, 1.5, -1, 2 ** 31, 2 ** 53, 2 ** 53 - 1, Number.MAX_VALUE, Number.MIN_VALUE];
      const facts: Fact[] = [runStartedFact()];
      for (const n of numbers) {
        const seq = facts.length + 1;
        facts.push({ ...stepSettledFact(seq), at: n, readyAt: n, startedAt: n, endedAt: n });
      }
      await subject.append(await subject.store.acquire(A, ME), ...facts);
      expect(await subject.recorded(A)).toStrictEqual(facts.map(plainFact));
    });

    it("come back exactly, whatever the bytes", async () => {
      const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const sizes = [0, 1, 4_095, 4_096, 4_097, 65_536, 262_143, 262_144, 262_145, 1_000_000];
      const values = [all, all.subarray(100, 103), ...sizes.map((size) => new Uint8Array(size).fill(size % 251))];
      const facts = [runStartedFact(), ...values.map((value, i) => stepSettledFact(i + 2, bytesInMemory(value)))];
      await subject.append(await subject.store.acquire(A, ME), ...facts);
      const read = await recordedFacts(subject.store, A);
      read.slice(1).forEach((fact, i) => {
        const value = fact.kind === "step-settled" ? fact.value : undefined;
        expect(value?.size).toBe(values[i]?.byteLength);
        expect(Buffer.compare(value?.read() ?? all, values[i] ?? new Uint8Array())).toBe(0);
      });
    });

    it("keep their bytes when the appender uses its buffer again", async () => {
      const buffer = new TextEncoder().encode("first");
      await subject.append(
        await subject.store.acquire(A, ME),
        runStartedFact(),
        stepSettledFact(2, bytesInMemory(buffer)),
      );
      buffer.fill(0);
      const [, step] = await recordedFacts(subject.store, A);
      expect(step && plainFact(step).value).toStrictEqual([5, ...new TextEncoder().encode("first")]);
    });

    it("ask for the bytes of a value once at most, when they are appended", async () => {
      let reads = 0;
      const counted = { size: 3, read: () => new Uint8Array([1, 2, reads++]) };
      await subject.append(await subject.store.acquire(A, ME), runStartedFact(), stepSettledFact(2, counted));
      expect(reads).toBe(1);
    });

    it("of 5,000 steps are appended at once and read in order", async () => {
      const facts = [runStartedFact(), ...Array.from({ length: 4_999 }, (_, i) => stepSettledFact(i + 2))];
      await subject.append(await subject.store.acquire(A, ME), ...facts);
      let seq = 0;
      for await (const fact of subject.store.read(A)) expect(fact.seq).toBe(++seq);
      expect(seq).toBe(5_000);
    });

    it("come whole but for the parameters of steps, if those are not wanted", async () => {
      const params = bytesInMemory(new Uint8Array([7]));
      const settled = { ...stepSettledFact(2, bytesInMemory(new Uint8Array([8]))), params };
      await subject.append(await subject.store.acquire(A, ME), runStartedFact(), settled);
      const [started, step] = await recordedFacts(subject.store, A);
      const fewer: Fact[] = [];
      for await (const fact of subject.store.read(A, { stepParams: false })) fewer.push(fact);
      expect(fewer[0] && plainFact(fewer[0])).toStrictEqual(started && plainFact(started));
      expect(step && plainFact(step)).toMatchObject({ params: [1, 7], value: [1, 8] });
      expect({ ...(fewer[1] && plainFact(fewer[1])), params: [1, 7] }).toStrictEqual(step && plainFact(step));
    });

    it("of one run are committed in the order of their appends, also behind large values", async () => {
      const lease = await subject.store.acquire(A, ME);
      const large = bytesInMemory(new Uint8Array(400_000).fill(7));
      await Promise.all([
        subject.append(lease, runStartedFact()),
        subject.append(lease, stepSettledFact(2, large)),
        subject.append(lease, stepSettledFact(3)),
        subject.append(lease, stepSettledFact(4, large)),
        subject.append(lease, stepSettledFact(5)),
      ]);
      expect((await recordedFacts(subject.store, A)).map((fact) => fact.seq)).toEqual([1, 2, 3, 4, 5]);
    });

    it("of an unknown run are refused by name", async () => {
      await expect(recordedFacts(subject.store, B)).rejects.toMatchObject({ code: "unknown-run", data: { run: B } });
      await subject.store.acquire(B, ME);
      await expect(recordedFacts(subject.store, B)).rejects.toMatchObject({ code: "unknown-run" });
    });
  });
}
