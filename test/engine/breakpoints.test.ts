/** Breakpoints hold steps before they begin, and nothing else; they outlive their process, and whoever set them. */
import { encodeValue, systemClock } from "@millrace/core";
import { changeBreakpoints, memoryStore, type Run } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { ManualClock, openTestEngine, type TestEngine } from "@millrace/testing";
import { expect, it } from "vitest";

/** A flow of two branches: A then B, and C; and what ran. */
function branches() {
  const ran: string[] = [];
  const made = ["A", "B", "C"].map((id) =>
    defineTask({
      id,
      run: async () => {
        ran.push(id);
        return id;
      },
    }),
  );
  const [A, B, C] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
  const flow = defineFlow({
    id: "Branches",
    run: async (_: object, body) => {
      const first = async () => [await body.call(A, {}), await body.call(B, {})];
      return Promise.all([first(), body.call(C, {})]);
    },
  });
  return { flow, classes: [flow, A, B, C], ran };
}

const RESULT = [["A", "B"], "C"];

/** Resolves when these steps of a run are held. */
async function held(engine: TestEngine, run: Run, ...tasks: readonly string[]): Promise<void> {
  for (const task of tasks)
    await engine.events.until("step-held", (event) => event.run === run.id && event.step.task === task);
}

it("a step that matches is held before it begins, everything else goes on", async () => {
  const { flow, ran } = branches();
  await using engine = await openTestEngine();
  const run = engine.start(flow, {}, { breakpoints: ["A"] });
  await held(engine, run, "A");
  await engine.events.until("step-settled", ({ step }) => step.task === "C");
  expect(ran).toEqual(["C"]);
  expect(run.breakpoints).toMatchObject({ selectors: ["A"], stepping: false, held: [{ task: "A" }] });
  await run.continue();
  expect(await run.result()).toEqual(RESULT);
  expect(ran).toEqual(["C", "A", "B"]);
});

it("one that is set while the run goes holds what begins then; dropped, it lets go", async () => {
  const { flow, ran } = branches();
  await using engine = await openTestEngine();
  const run = engine.start(flow, {}, { breakpoints: ["A"] });
  await held(engine, run, "A");
  await run.break("B");
  await run.unbreak("A");
  await engine.events.until("step-held", ({ step }) => step.task === "B");
  expect(run.breakpoints.selectors).toEqual(["B"]);
  await run.unbreak();
  expect(await run.result()).toEqual(RESULT);
  expect(ran).toContain("A");
});

it("step by step, one step goes at a time", async () => {
  const { flow, ran } = branches();
  await using engine = await openTestEngine();
  const run = engine.start(flow, {}, { breakpoints: ["*"] });
  await held(engine, run, "A", "C");
  await run.unbreak();
  expect(await run.result()).toEqual(RESULT);

  ran.length = 0;
  const again = engine.start(flow, {}, { breakpoints: ["A", "C"] });
  await held(engine, again, "A", "C");
  await again.continue({ step: true });
  await engine.events.until("step-held", ({ step, run: of }) => of === again.id && step.task === "B");
  expect(ran).toEqual(["A"]);
  await again.continue({ step: true });
  await engine.events.until("step-settled", ({ step, run: of }) => of === again.id && step.task === "C");
  expect(ran).toEqual(["A", "C"]);
  await again.continue();
  expect(await again.result()).toEqual(RESULT);
});

it("sub-flows, local steps and waits are held as steps are", async () => {
  const inner = defineFlow({ id: "Inner", run: async () => "inner" });
  const flow = defineFlow({
    id: "Outer",
    run: async (_: object, body) => [
      await body.call(inner, {}),
      await body.step("local", () => "step"),
      await body.waitFor("go"),
    ],
  });
  await using engine = await openTestEngine();
  const run = engine.start(flow, {}, { breakpoints: ["*"] });
  await run.send("go", "message");
  for (const task of ["Inner", "local", "go"]) {
    await engine.events.until("step-held", ({ step }) => step.task === task);
    await run.continue();
  }
  expect(await run.result()).toEqual(["inner", "step", "message"]);
});

it("breakpoints, what they hold and what was let go outlive the engine", async () => {
  const { flow, classes, ran } = branches();
  const store = memoryStore();
  {
    await using engine = await openTestEngine({ store });
    const run = engine.start(flow, {}, { id: "one", breakpoints: ["A", "B"] });
    await held(engine, run, "A");
    await engine.events.until("step-settled", ({ step }) => step.task === "C");
  }
  {
    await using engine = await openTestEngine({ store, classes });
    const run = await engine.resume("one");
    await engine.events.until("step-held", ({ step }) => step.task === "A");
    expect(run.breakpoints).toMatchObject({ selectors: ["A", "B"], held: [{ task: "A" }] });
    await run.continue();
    await engine.events.until("step-held", ({ step }) => step.task === "B");
  }
  await using engine = await openTestEngine({ store, classes });
  const run = await engine.resume("one");
  await engine.events.until("step-held", ({ step }) => step.task === "B");
  await run.continue();
  expect(await run.result()).toEqual(RESULT);
  expect(ran).toEqual(["C", "A", "B"]);
});

it("a run that only stands at breakpoints is suspended as one that waits, and held again when it goes on", async () => {
  const { flow, classes, ran } = branches();
  const store = memoryStore();
  const clock = systemClock;
  await using engine = await openTestEngine({ store, classes, waits: "suspend" });
  const stopped = await engine.start(flow, {}, { id: "one", breakpoints: ["A"] }).outcome();
  expect(stopped).toMatchObject({
    status: "suspended",
    reason: "wait",
    message: expect.stringContaining('breakpoint "A"'),
  });
  expect(await (await engine.resume("one")).outcome()).toMatchObject({ status: "suspended", reason: "wait" });
  expect(ran).toEqual(["C"]);
  // Nobody owns it now: the change is made on its record.
  expect(await changeBreakpoints(store, { run: "one" as Run["id"], change: "continue", clock })).toBe("sender");
  expect(await (await engine.resume("one")).result()).toEqual(RESULT);
});

it("another process changes the breakpoints of a living run, each change once", async () => {
  const { flow, ran } = branches();
  const clock = new ManualClock();
  const store = memoryStore({ clock });
  await using engine = await openTestEngine({ store, clock });
  const run = engine.start(flow, {}, { breakpoints: ["A", "C"] });
  await held(engine, run, "A", "C");
  // As by somebody who asked again, since an owner had gone away.
  const value = encodeValue({ id: "the one", change: "step" });
  for (let time = 0; time < 2; time += 1) await store.request({ run: run.id, kind: "break", name: "step", value });
  const set = changeBreakpoints(store, { run: run.id, change: "set", selector: "B", clock });
  await clock.waiting(100);
  clock.advance(250);
  await engine.events.until("step-held", ({ step }) => step.task === "B");
  await clock.waiting(100);
  clock.advance(100);
  expect(await set).toBe("owner");
  expect(ran).toEqual(["A"]);
  expect(run.breakpoints).toMatchObject({
    selectors: ["A", "C", "B"],
    stepping: true,
    held: [{ task: "C" }, { task: "B" }],
  });
  await run.continue();
  expect(await run.result()).toEqual(RESULT);
});

it("cancelling, closing and failing end what is held", async () => {
  const { flow, ran } = branches();
  const Fails = defineTask({
    id: "Fails",
    run: async () => {
      throw new Error("no");
    },
  });
  const failing = defineFlow({
    id: "Failing",
    run: async (_: object, body) => Promise.all([body.call(Fails, {}), body.step("never", () => ran.push("never"))]),
  });
  await using engine = await openTestEngine();
  const cancelled = engine.start(flow, {}, { breakpoints: ["*"] });
  await held(engine, cancelled, "A", "C");
  await cancelled.cancel("enough");
  expect(await cancelled.outcome()).toMatchObject({ status: "aborted", totals: { aborted: 2 } });

  const failed = engine.start(failing, {}, { breakpoints: ["never"] });
  expect(await failed.outcome()).toMatchObject({ status: "failed", totals: { failed: 1, aborted: 1 } });
  expect(ran).toEqual([]);
});

it("selectors that cannot be read, and runs that are over, are refused", async () => {
  const { flow } = branches();
  await using engine = await openTestEngine();
  expect(() => engine.start(flow, {}, { breakpoints: ["/(/"] })).toThrow(expect.objectContaining({ code: "usage" }));
  const run = engine.start(flow, {}, { id: "one" });
  await expect(run.break("")).rejects.toMatchObject({ code: "usage" });
  await run.result();
  await expect(run.break("A")).rejects.toMatchObject({ code: "run-over" });
  await expect(run.continue()).rejects.toMatchObject({ code: "run-over" });
});
