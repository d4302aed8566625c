/** Starts of one id: one run, whoever starts it, as often as it is started, and never another than was meant. */
import type { MillraceError, RunId, RunStore } from "@millrace/core";
import { memoryStore, openEngine, ownerInfo } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { openTestEngine } from "@millrace/testing";
import { runStartedFact } from "@millrace/testing/conformance";
import { expect, it } from "vitest";
import { handProject } from "./hand-built.js";

/** A flow of two steps that waits between them, and how often each ran. */
function counted() {
  const ran: string[] = [];
  const Note = defineTask({
    id: "Note",
    run: async ({ text }: { text: string }) => {
      ran.push(text);
      return text;
    },
  });
  const flow = defineFlow({
    id: "Noting",
    run: async ({ name, days = 7 }: { name: string; days?: number }, body) => {
      const first = await body.call(Note, { text: `${name} first` });
      await body.waitFor("go");
      const second = await body.call(Note, { text: `${name} second` });
      return [first, second, days];
    },
  });
  return { flow, Note, ran };
}

const ATTACH = { id: "one", ifExists: "attach" } as const;

it("a run of this engine is the same object, and its steps run once", async () => {
  const { flow, ran } = counted();
  await using engine = await openTestEngine();
  const run = engine.start(flow, { name: "a" }, ATTACH);
  expect(engine.start(flow, { name: "a" }, ATTACH)).toBe(run);
  const asUntyped: object = { name: "a", days: undefined };
  expect(engine.start("Noting" as string, asUntyped, ATTACH)).toBe(run);
  await run.send("go");
  expect(await run.result()).toEqual(["a first", "a second", 7]);
  expect(ran).toEqual(["a first", "a second"]);
});

it("a run that has ended gives its result again, with its counts, and nothing is written", async () => {
  const { flow, ran } = counted();
  const store = memoryStore();
  await using engine = await openTestEngine({ store });
  const first = engine.start(flow, { name: "a" }, ATTACH);
  await first.send("go");
  const before = await first.outcome();
  const [recorded] = await store.list();
  const again = engine.start(flow, { name: "a" }, ATTACH);
  expect(again).not.toBe(first);
  const outcome = await again.outcome();
  expect(outcome).toMatchObject({ status: "succeeded", value: ["a first", "a second", 7] });
  expect(outcome.totals).toEqual({ ...before.totals, restored: before.totals.total });
  expect(again.state).toBe("succeeded");
  for await (const event of again.events()) expect.unreachable(event.type);
  expect(await store.list()).toEqual([recorded]);
  expect(ran).toHaveLength(2);
});

it("a failure is told again by attach, and tried again by resume", async () => {
  let healthy = false;
  let tries = 0;
  const Shaky = defineTask({
    id: "Shaky",
    run: async () => {
      tries += 1;
      if (!healthy) throw new TypeError("not yet");
      return "well";
    },
  });
  const flow = defineFlow({ id: "Shaking", run: async (_: object, body) => body.call(Shaky, {}) });
  await using engine = await openTestEngine();
  await expect(engine.start(flow, {}, ATTACH).result()).rejects.toThrow("not yet");
  healthy = true;
  await expect(engine.start(flow, {}, ATTACH).result()).rejects.toThrow("not yet");
  expect(tries).toBe(1);
  expect(await engine.start(flow, {}, { id: "one", ifExists: "resume" }).result()).toBe("well");
  expect(await engine.start(flow, {}, { id: "one", ifExists: "resume" }).result()).toBe("well");
  expect(tries).toBe(2);
});

it("a cancelled run stays cancelled, whichever way it is started", async () => {
  const { flow } = counted();
  await using engine = await openTestEngine();
  await engine.start(flow, { name: "a" }, ATTACH).cancel("enough");
  for (const ifExists of ["attach", "resume"] as const) {
    const again = engine.start(flow, { name: "a" }, { id: "one", ifExists });
    await expect(again.result()).rejects.toMatchObject({ code: "run-aborted" });
  }
});

it("a run whose engine is gone goes on from its record", async () => {
  const { flow, Note, ran } = counted();
  const store = memoryStore();
  {
    await using engine = await openTestEngine({ store });
    engine.start(flow, { name: "a" }, ATTACH);
    await engine.events.until("step-settled");
  }
  await using engine = await openTestEngine({ store, classes: [flow, Note] });
  const run = engine.start(flow, { name: "a" }, ATTACH);
  await run.send("go");
  expect(await run.result()).toEqual(["a first", "a second", 7]);
  expect(ran).toEqual(["a first", "a second"]);
});

it("a run that another engine drives is refused with its owner's name, and goes on undisturbed there", async () => {
  const { flow, ran } = counted();
  const store = memoryStore();
  await using owner = await openTestEngine({ store });
  await using other = await openTestEngine({ store });
  const run = owner.start(flow, { name: "a" }, ATTACH);
  await owner.events.until("step-settled");
  await expect(other.start(flow, { name: "a" }, ATTACH).result()).rejects.toMatchObject({
    code: "run-owned",
    message: expect.stringContaining("another engine of this process"),
  });
  await run.send("go");
  await run.result();
  expect(await other.start(flow, { name: "a" }, ATTACH).result()).toEqual(["a first", "a second", 7]);
  expect(ran).toHaveLength(2);
});

it("other parameters or another flow are refused with the difference, in this engine and on record", async () => {
  const { flow } = counted();
  const other = defineFlow({ id: "Other", run: async ({ name }: { name: string }) => name });
  await using engine = await openTestEngine();
  const run = engine.start(flow, { name: "a" }, ATTACH);
  const refusal = (begin: () => { result(): Promise<unknown> }): Promise<unknown> =>
    // In this engine `start` throws, on record the run says so.
    (async () => begin().result())().catch(({ code, message }: MillraceError) => ({ code, message }));
  const all = async (): Promise<unknown> => [
    await refusal(() => engine.start(flow, { name: "b", days: 7 }, ATTACH)),
    await refusal(() => engine.start(other, { name: "a" }, ATTACH)),
  ];
  const refused = [
    {
      code: "run-differs",
      message: 'Run "one" was started otherwise: days was left out, not 7; name was "a", not "b".',
    },
    { code: "run-differs", message: 'Run "one" was started otherwise: it is a run of Noting, not of Other.' },
  ];
  expect(await all()).toEqual(refused);
  await run.send("go");
  await run.result();
  expect(await all()).toEqual(refused);
  expect(await engine.start(flow, { name: "a" }, ATTACH).result()).toEqual(["a first", "a second", 7]);
});

it("a start without the option refuses a taken id, and a misspelt one is refused", async () => {
  const { flow } = counted();
  await using engine = await openTestEngine();
  engine.start(flow, { name: "a" }, ATTACH);
  expect(() => engine.start(flow, { name: "a" }, { id: "one" })).toThrow(
    expect.objectContaining({ code: "run-exists" }),
  );
  // A caller without types.
  const misspelt = "atach" as "attach";
  expect(() => engine.start(flow, { name: "a" }, { id: "two", ifExists: misspelt })).toThrow(
    expect.objectContaining({ code: "invalid-options", hint: expect.stringContaining('"attach"') }),
  );
});

it("starts while a run is being resumed are told so", async () => {
  const { flow, Note } = counted();
  const store = memoryStore();
  {
    await using engine = await openTestEngine({ store });
    engine.start(flow, { name: "a" }, ATTACH);
    await engine.events.until("step-settled");
  }
  await using engine = await openTestEngine({ store, classes: [flow, Note] });
  const resuming = engine.resume("one");
  expect(() => engine.start(flow, { name: "a" }, ATTACH)).toThrow(expect.objectContaining({ code: "run-exists" }));
  await expect(engine.resume("one")).rejects.toMatchObject({ code: "run-not-resumable" });
  const resumed = await resuming;
  expect(engine.start(flow, { name: "a" }, ATTACH)).toBe(resumed);
});

it("an engine that recovers leaves alone what another has taken over meanwhile", async () => {
  await using project = await handProject({ module: "", flows: { Noting: {} } });
  const store = memoryStore();
  const lease = await store.acquire("taken" as RunId, ownerInfo("another"));
  await store.append([{ ...lease, facts: [runStartedFact("Noting")] }]);
  // As it was read before the other took it.
  const list: RunStore["list"] = async () => (await store.list()).map(({ owner: _, ...summary }) => summary);
  const early = new Proxy(store, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target) as unknown;
      return name === "list" ? list : typeof value === "function" ? value.bind(target) : value;
    },
  });
  const engine = await openEngine({
    cwd: project.root,
    store: early,
    recover: "auto",
    observers: [],
    executor: "inline",
  });
  expect(await engine.runs()).toMatchObject([{ id: "taken", state: "running" }]);
  await engine.close();
});
