/** What tasks emit while they run: live, in order, by attempt, from real threads, and recorded nowhere. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "@millrace/core";
import { type Engine, openEngine, type StreamPart } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oneModule } from "../compiler/one-module.js";

const SOURCE = `
import { defineFlow, defineTask, Flow, flow, param, Secret, Task, task } from "millrace";

@task({ retry: { attempts: 2 } })
export class Tokens extends Task<number> {
  @param() of!: string;
  @param() count = 3;
  @param() failFirst = false;
  async run(): Promise<number> {
    for (let i = 0; i < this.count; i++) {
      this.emit({ token: this.of + i, at: new Date(i) });
      if (i % 2 === 1) await new Promise((resolve) => setImmediate(resolve));
      if (this.failFirst && this.info.attempt === 1) throw new Error("cut off");
    }
    return this.count;
  }
}

@flow()
export class Answers extends Flow<number[]> {
  @param() of!: string[];
  @param() count = 3;
  @param() failFirst = false;
  async run(): Promise<number[]> {
    return this.map(this.of, (of) => this.call(Tokens, { of, count: this.count, failFirst: this.failFirst }));
  }
}

/** Goes on after its step until it is told to end. */
@flow()
export class Talk extends Flow<unknown> {
  async run(): Promise<unknown> {
    const count = await this.call(Tokens, { of: "t" });
    return [count, await this.waitFor("enough")];
  }
}

@flow()
export class Inner extends Flow<number> {
  run() { this.emit({ token: "inner" }); return this.call(Tokens, { of: "i", count: 1 }); }
}
@flow()
export class Telling extends Flow<void> {
  async run() {
    this.emit({ token: "first" });
    const count = await this.call(Inner, {}, { name: "part" });
    this.emit({ token: "then " + count });
    await this.waitFor("enough");
    this.emit({ token: "last" });
  }
}
export const Refused = defineFlow({ id: "Refused", run: async (_: object, body) => body.emit({ deep: [() => 1] }) });

export const Wrong = defineTask({ id: "Wrong", run: (p: { large: boolean }, { emit }) => {
  if (p.large) emit(new Uint8Array(2 << 20));
  else emit({ deep: [{ fn: () => 1 }] });
} });
@flow()
export class Wrongs extends Flow<void> {
  @param() large!: boolean;
  run() { return this.call(Wrong, { large: this.large }); }
}

export const Whisper = defineTask({ id: "Whisper", run: async ({ key }: { key: Secret }, { emit }) => {
  emit({ said: "the key is " + await key.reveal() });
} });
@flow()
export class Whispers extends Flow<void> {
  @param() key!: Secret;
  run() { return this.call(Whisper, { key: this.key }); }
}
`;

let project: TestProject;
let engine: Engine;

beforeAll(async () => {
  project = await oneModule(SOURCE);
  const { diagnostics } = await project.build();
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  engine = await openEngine({ cwd: project.root, threads: 2 });
});
afterAll(async () => {
  await engine?.close();
  project?.remove();
});

async function read(stream: AsyncIterable<StreamPart>): Promise<readonly StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

function tokens(parts: readonly StreamPart[]): readonly string[] {
  return parts.map((part) => (part.type === "chunk" ? (part.value as { token: string }).token : part.type));
}

test("chunks come as the values that they are, in order, between their attempt's beginning and the step's end", async () => {
  const run = engine.start("Answers", { of: ["a"] });
  const parts = await read(run.stream("Tokens"));
  expect(tokens(parts)).toEqual(["began", "a0", "a1", "a2", "ended"]);
  expect(parts[2]).toMatchObject({ type: "chunk", attempt: 1, value: { token: "a1", at: new Date(1) } });
  expect(parts.at(-1)).toMatchObject({ type: "ended", state: "succeeded", step: { task: "Tokens" } });
});

test("attempts are told apart", async () => {
  const run = engine.start("Answers", { of: ["r"], failFirst: true });
  const parts = await read(run.stream("Tokens"));
  expect(tokens(parts)).toEqual(["began", "r0", "began", "r0", "r1", "r2", "ended"]);
  expect(parts.flatMap((part) => (part.type === "chunk" ? [part.attempt] : []))).toEqual([1, 2, 2, 2]);
});

test("the steps of a map keep their orders, on several threads, and each reader hears all of them", async () => {
  const of = ["x", "y", "z", "w"];
  const run = engine.start("Answers", { of, count: 200 });
  const [one, two] = await Promise.all([read(run.stream("Tokens")), read(run.stream("Tokens"))]);
  expect(two).toEqual(one);
  for (const name of of) {
    const own = tokens(one).filter((token) => token.startsWith(name) && token !== "ended");
    expect(own).toEqual(Array.from({ length: 200 }, (_, i) => `${name}${i}`));
  }
});

test("the stream of a key ends with its step, while the run goes on", async () => {
  const run = engine.start("Talk");
  const first = await firstOf(run.stream("Tokens"));
  if (first?.type !== "began") throw new Error("no attempt began");
  const again = engine.start("Talk");
  const parts = await read(again.stream(first.step.key));
  expect(tokens(parts)).toEqual(["began", "t0", "t1", "t2", "ended"]);
  expect(again.state).toBe("running");
  await Promise.all([run.send("enough", 1), again.send("enough", 2)]);
  expect(await again.result()).toEqual([3, 2]);
  expect(await read(again.stream("Tokens")), "after the end").toEqual([]);
  expect(await run.result()).toEqual([3, 1]);
});

async function firstOf(stream: AsyncIterable<StreamPart>): Promise<StreamPart | undefined> {
  for await (const part of stream) return part;
  return undefined;
}

test("a step that is restored has an end, and no chunks", async () => {
  const run = engine.start("Talk", {}, { id: "restored" });
  for await (const part of run.stream("Tokens")) if (part.type === "ended") break;
  await engine.close();
  engine = await openEngine({ cwd: project.root, threads: 2 });
  const resumed = await engine.resume("restored");
  const reading = read(resumed.stream("Tokens"));
  await resumed.send("enough", 3);
  expect(tokens(await reading)).toEqual(["ended"]);
});

test("a flow emits under its own name, a sub-flow under that of its step; what was handed out before a resume is not again", async () => {
  const run = engine.start("Telling", {}, { id: "telling" });
  const part = read(run.stream("part"));
  const heard: string[] = [];
  for await (const each of run.stream("Telling")) {
    heard.push(...tokens([each]));
    if (heard.at(-1) === "then 1") break;
  }
  expect(heard).toEqual(["first", "then 1"]);
  await engine.close();
  expect(tokens(await part)).toEqual(["began", "inner", "ended"]);
  engine = await openEngine({ cwd: project.root, threads: 2 });
  const resumed = await engine.resume("telling");
  const reading = read(resumed.stream("Telling"));
  await resumed.send("enough", 1);
  expect(tokens(await reading)).toEqual(["last"]);
});

test("what a flow cannot send is its failure, with the path", async () => {
  await expect(engine.start("Refused", {}).result()).rejects.toMatchObject({
    code: "value-not-sendable",
    message: expect.stringContaining("chunk.deep[0] is a function"),
  });
});

test("what cannot be sent fails the task, with its path; so does what is too large", async () => {
  await expect(engine.start("Wrongs", { large: false }).result()).rejects.toMatchObject({
    code: "value-not-sendable",
    message: expect.stringContaining("chunk.deep[0].fn is a function"),
  });
  await expect(engine.start("Wrongs", { large: true }).result()).rejects.toMatchObject({
    code: "value-not-sendable",
    message: expect.stringMatching(/^A chunk of Wrong .* takes \d+ bytes, over its limit of 1048576\.$/),
  });
});

test("nothing of it is recorded, and revealed secrets do not get out", async () => {
  project.write("stream-key", "whispered-5512");
  const key = Secret.file(project.path("stream-key"));
  const parts = await read(engine.start("Whispers", { key }).stream("Whisper"));
  expect(parts[1]).toMatchObject({ value: { said: `the key is ${key}` } });
  await read(engine.start("Answers", { of: ["unrecorded-token-"] }).stream("Tokens"));
  const files = readdirSync(project.path(".flow"), { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
  const holding = files.filter((f) => readFileSync(join(f.parentPath, f.name)).includes("unrecorded-token-2"));
  expect(holding).toEqual([]);
});
