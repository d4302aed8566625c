/** `ref`: results that go from step to step undecoded. On real threads and in a store on disk. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { memoryStore, openEngine } from "@millrace/runtime";
import { defineFlow, defineTask, type Ref } from "@millrace/sdk";
import { controlled, openTestEngine, prebaked, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { handProject } from "./hand-built.js";

/** `Parcel` cannot be decoded where a body runs. */
const MODULE = `
import { isMainThread } from "node:worker_threads";
import { Flow, Task, value } from "millrace";
import { $site } from "millrace/stamps";
const P = Symbol.for("millrace.params");
class Parcel {
  constructor(bytes) { this.bytes = bytes; }
  static encode({ bytes }) { return bytes; }
  static decode(bytes) {
    if (isMainThread) throw new Error("decoded on the main thread");
    return new Parcel(bytes);
  }
}
value({ id: "Parcel" })(Parcel);
let packed = 0;
export class Pack extends Task { async run() { packed++; return new Parcel(new Uint8Array(this.size).fill(this.fill ?? 7)); } }
Reflect.defineMetadata(P, new Set(["size", "fill"]), Pack);
export class Weigh extends Task {
  async run() {
    const all = [this.parcel, ...(this.more ?? [])].filter(Boolean);
    if (this.fails === "once" && this.info.attempt === 1) throw new Error("the scales tip over");
    return { weight: all.reduce((sum, { bytes }) => sum + bytes.length * bytes[0], 0), packed };
  }
}
Reflect.defineMetadata(P, new Set(["parcel", "more", "fails"]), Weigh);
export class Ship extends Flow {
  async run() {
    const parcel = await this.ref(Pack, { size: this.size }, $site("Ship.run#Pack@parcel"));
    const weighed = await this.call(Weigh, { parcel, fails: this.fails }, { retry: { attempts: this.fails === "once" ? 2 : 1 } }, $site("Ship.run#Weigh@weighed"));
    if (this.waits) await this.waitFor("go", {}, $site("Ship.run#wait@x"));
    const again = await this.call(Weigh, { parcel }, $site("Ship.run#Weigh@again"));
    return { hash: parcel.hash, size: parcel.size, weighed: weighed.weight, again: again.weight };
  }
}
Reflect.defineMetadata(P, new Set(["size", "waits", "fails"]), Ship);
export class Collect extends Flow {
  async run() {
    const more = await this.map(this.sizes, (size) => this.ref(Pack, { size, fill: 1 }, $site("Collect.run#Pack@item")), $site("Collect.run#map@more"));
    return (await this.call(Weigh, { more }, $site("Collect.run#Weigh@x"))).weight;
  }
}
Reflect.defineMetadata(P, new Set(["sizes"]), Collect);
export class Open extends Flow {
  async run() {
    const parcel = await this.ref(Pack, { size: 3 }, $site("Open.run#Pack@parcel"));
    return parcel.value();
  }
}
`;
const PARAMS = { type: "object", properties: {} } as const;

let project: TestProject;
beforeAll(async () => {
  const names = (list: readonly string[]) => ({
    params: { ...PARAMS, properties: Object.fromEntries(list.map((name) => [name, {}])) },
  });
  project = await handProject({
    module: MODULE,
    tasks: { Pack: names(["size", "fill"]), Weigh: names(["parcel", "more", "fails"]) },
    flows: { Ship: names(["size", "waits", "fails"]), Collect: names(["sizes"]), Open: names([]) },
  });
});
afterAll(() => project.remove());

const open = () => openEngine({ cwd: project.root, threads: 2, observers: [] });

it.each([3, 200_000, 1_000_000])("a result of %i bytes reaches the next step, and no body decodes it", async (size) => {
  await using engine = await open();
  const run = engine.start("Ship", { size });
  expect(await run.result()).toEqual({
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    size: expect.any(Number),
    weighed: size * 7,
    again: size * 7,
  });
});

it("a body that asks for the value decodes it there", async () => {
  await using engine = await open();
  await expect(engine.start("Open", {}).result()).rejects.toThrow("decoded on the main thread");
});

it("an attempt that is made again gets it again", async () => {
  await using engine = await open();
  const run = engine.start("Ship", { size: 1_000_000, fails: "once" });
  expect(await run.result()).toMatchObject({ weighed: 7_000_000 });
});

it("a list of them is given as a list of values", async () => {
  await using engine = await open();
  expect(await engine.start("Collect", { sizes: [1, 2, 300_000] }).result()).toBe(300_003);
});

it("a run that goes on has the same Ref, and its steps read a large one from the store", async () => {
  const first = await openEngine({ cwd: project.root, threads: 1, observers: [], waits: "suspend" });
  const begun = first.start("Ship", { size: 999_999, waits: true }, { id: "resumed" });
  await expect(begun.result()).rejects.toMatchObject({ code: "run-suspended" });
  await first.close();
  await using second = await open();
  await second.send("resumed", "go");
  const resumed = await second.resume("resumed");
  expect(await resumed.result()).toMatchObject({ weighed: 7 * 999_999, again: 7 * 999_999 });
  expect(resumed.totals).toMatchObject({ restored: 2 });
});

it("a content file that was changed fails the step that reads it, by the file's name", async () => {
  const first = await openEngine({ cwd: project.root, threads: 1, observers: [], waits: "suspend" });
  const begun = first.start("Ship", { size: 888_888, waits: true }, { id: "damaged" });
  await expect(begun.result()).rejects.toMatchObject({ code: "run-suspended" });
  await first.close();
  const files = readdirSync(join(project.root, ".flow/content"), { recursive: true, withFileTypes: true });
  for (const file of files) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const bytes = readFileSync(path);
    if (bytes.length < 888_880 || bytes.length > 888_990) continue;
    bytes[bytes.length - 1] = 1;
    writeFileSync(path, bytes);
  }
  await using second = await open();
  await second.send("damaged", "go");
  const resumed = await second.resume("damaged");
  await expect(resumed.result()).rejects.toMatchObject({
    code: "store-corrupt",
    message: expect.stringContaining("content"),
  });
});

const pack = defineTask({ id: "PackText", run: ({ n }: { n: number }): { text: string } => ({ text: "x".repeat(n) }) });
const read = defineTask({
  id: "ReadText",
  run: ({ pack: { text } }: { pack: { text: string } }): number => text.length,
});

it("its consumer is the same step as long as the bytes are the same, whoever made them", async () => {
  const store = memoryStore();
  const flow = defineFlow({
    id: "Same",
    run: async (_: object, body) => {
      const a = await body.ref(pack, { n: 1 });
      const b = await body.ref(pack, { n: 2 });
      return [
        a.hash === b.hash,
        await body.call(read, { pack: a }, { pure: true }),
        await body.call(read, { pack: b }, { pure: true }),
      ];
    },
  });
  const packs = prebaked(pack, { value: { text: "equal" } });
  const reads = controlled(read);
  await using engine = await openTestEngine({ store, standIns: [packs, reads] });
  const run = engine.start(flow, {});
  (await reads.next({ pack: { text: "equal" } })).finish(5);
  (await reads.next({ pack: { text: "equal" } })).finish(6);
  expect(await run.result()).toEqual([true, 5, 6]);
});

it("a sub-flow and a fellow body see the value", async () => {
  const inner = defineFlow({
    id: "Inner",
    run: async ({ pack }: { pack: { text: string } }): Promise<string> => pack.text,
  });
  const outer = defineFlow({
    id: "Outer",
    run: async (_: object, body) => {
      const ref = await body.ref(pack, { n: 4 });
      const inside: Ref<string> = await body.ref(inner, { pack: ref });
      return [await body.call(inner, { pack: ref }), inside.value(), ref.value()];
    },
  });
  await using engine = await openTestEngine();
  expect(await engine.run(outer, {})).toEqual(["xxxx", "xxxx", { text: "xxxx" }]);
});

it("is refused by its path where nobody would find what stands behind it", async () => {
  const returned = defineFlow({
    id: "Returned",
    run: async (_: object, body) => ({ at: [await body.ref(pack, { n: 1 })] }),
  });
  const kept = defineFlow({
    id: "Kept",
    run: async (_: object, body) => body.shared.set("pack", await body.ref(pack, { n: 1 })),
  });
  await using engine = await openTestEngine();
  const refusal = { code: "value-not-sendable", hint: expect.stringContaining("ref.value()") };
  await expect(engine.run(returned, {})).rejects.toMatchObject({
    ...refusal,
    message: expect.stringContaining("result.at[0]"),
  });
  await expect(engine.run(kept, {})).rejects.toMatchObject(refusal);
});

it("its failure is the step's", async () => {
  const failing = defineFlow({ id: "Failing", run: async (_: object, body) => body.ref(pack, { n: 1 }) });
  const fails = prebaked(pack, { compute: () => Promise.reject(new Error("no paper")) });
  await using engine = await openTestEngine({ standIns: [fails] });
  await expect(engine.run(failing, {})).rejects.toThrow("no paper");
});
