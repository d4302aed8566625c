/** Large parameters and results travel in memory that threads share: no attempt sees what another one has done to its own. On real threads. */
import { memoryStore, openEngine } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handProject } from "./hand-built.js";

const MODULE = `
import { Flow, Task } from "millrace";
import { $site } from "millrace/stamps";
const P = Symbol.for("millrace.params");
const SIZE = 400_000;
export class Spoil extends Task {
  run() {
    const sum = this.bytes.reduce((a, b) => a + b, 0);
    const kept = this.bytes.buffer instanceof ArrayBuffer;
    structuredClone(this.bytes.fill(255), { transfer: [this.bytes.buffer] });
    if (globalThis.tried === undefined && (globalThis.tried = true)) throw new Error("once more");
    return { sum, kept };
  }
}
Reflect.defineMetadata(P, new Set(["bytes"]), Spoil);
/** Goes on with its result after it was given. */
export class Give extends Task {
  run() { return (this.made = new Uint8Array(SIZE).fill(1)); }
  onSuccess() { if (this.made.length !== SIZE || this.made[5] !== 1) throw new Error("gone"); this.made.fill(9); }
  onDestroy() { structuredClone(this.made, { transfer: [this.made.buffer] }); }
}
export class Calls extends Flow {
  async run() {
    const bytes = new Uint8Array(SIZE).fill(2);
    const calls = [1, 2, 3].map(() => this.call(Spoil, { bytes }, { retry: { attempts: 2 } }, $site("Calls.run#Spoil@x")));
    const ends = await Promise.all(calls);
    const given = await this.call(Give, {}, $site("Calls.run#Give@x"));
    const before = given.reduce((a, b) => a + b, 0);
    given.fill(7);
    const ref = await this.ref(Give, {}, $site("Calls.run#Give@y"));
    const byRef = await Promise.all([1, 2].map(() => this.call(Spoil, { bytes: ref }, $site("Calls.run#Spoil@y"))));
    return { ends, mine: bytes.reduce((a, b) => a + b, 0), before, byRef };
  }
}
`;

let project: TestProject;
beforeAll(async () => {
  const loose = { params: { properties: { bytes: {} } } };
  project = await handProject({ module: MODULE, tasks: { Spoil: loose, Give: {} }, flows: { Calls: {} } });
});
afterAll(() => project.remove());

it("what an attempt does to a large parameter or result, nobody else sees: not the next attempt, not its caller, not a neighbour", async () => {
  const engine = await openEngine({ cwd: project.root, threads: 2, store: memoryStore(), observers: [] });
  const { ends, mine, before, byRef } = (await engine.start("Calls", {}).result()) as {
    readonly ends: readonly { readonly sum: number; readonly kept: boolean }[];
    readonly mine: number;
    readonly before: number;
    readonly byRef: readonly { readonly sum: number; readonly kept: boolean }[];
  };
  await engine.close();
  expect(ends).toEqual(Array(3).fill({ sum: 800_000, kept: true }));
  expect([mine, before]).toEqual([800_000, 400_000]);
  expect(byRef).toEqual(Array(2).fill({ sum: 400_000, kept: true }));
});
