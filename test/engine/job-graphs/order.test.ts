/** Job graphs through the engine's doors: order, results, parameters, what nodes can run. */
import { foldRun } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { graphOf, job, lab, named, ref } from "./lab.js";

describe("a job graph", () => {
  it("begins nodes when all that they wait for is over, and gives the results of those that nothing waits for", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    const run = engine.start(
      graphOf(
        ["a", "b", "c", "d"].map((id) => named(id)),
        ["a > c", "b > c"],
      ),
    );
    const begun = [await works.next(), await works.next(), await works.next()];
    expect(begun.map(({ params }) => params)).toEqual([{ x: "a" }, { x: "b" }, { x: "d" }]);
    const [a, b, d] = begun;
    a?.finish(1);
    d?.finish(4);
    b?.finish(2);
    const c = await works.next();
    expect(c.params).toEqual({ x: "c" });
    c.finish(3);
    expect(await run.result()).toEqual({ c: 3, d: 4 });
    expect(run.totals).toMatchObject({ total: 4, succeeded: 4 });
  });

  it("hands results on, whole, in part and in texts", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    const run = engine.start(
      graphOf(
        [
          job("a"),
          job("b", { x: { from: "a" }, "y.deep.name": { from: "a", path: "items.1.name" }, "y.text": { value: "t" } }),
          job("c", {
            x: { template: `Hi ${ref("a.items.0.name")}, you are ${ref("a.n")}; $${ref("a")}` },
            y: { from: "a", path: "n" },
          }),
        ],
        ["a > b", "b > c"],
      ),
    );
    const a = { items: [{ name: "Ann" }, { name: "Bo" }], n: 7 };
    (await works.next()).finish(a);
    const b = await works.next();
    expect(b.params).toEqual({ x: a, y: { deep: { name: "Bo" }, text: "t" } });
    b.finish(0);
    const c = await works.next();
    expect(c.params).toEqual({ x: `Hi Ann, you are 7; ${ref("a")}`, y: 7 });
    c.finish(undefined);
    expect(await run.result()).toEqual({ c: undefined });
  });

  it("fails a node whose reference leads nowhere, before anything of it runs", async () => {
    const { works, engine, store } = await lab();
    await using _ = engine;
    const run = engine.start(
      graphOf(
        [job("a"), job("b", { x: { from: "a", path: "n.toString" } }), job("c", { x: { template: ref("a.o") } })],
        ["a > b", "a > c"],
      ),
    );
    (await works.next()).finish({ n: 1, o: {} });
    await expect(run.result()).rejects.toMatchObject({ code: "nodes-failed", data: { failed: ["b", "c"] } });
    const { steps } = await foldRun(run.id, () => store.read(run.id));
    expect(steps.map(({ node, attempts, error }) => [node, attempts, error?.message])).toEqual([
      ["a", 1, undefined],
      ["b", 0, 'b takes a.n.toString, which is not there: the value has no "toString" at that place.'],
      ["c", 0, "c takes a.o, which is no text, number or boolean, and cannot stand in a text."],
    ]);
  });

  it("runs flows, graphs and functions as nodes, and what runs them is shown as steps", async () => {
    const { works, engine, store } = await lab();
    await using _ = engine;
    const inner = graphOf([job("first"), job("last", { x: { from: "first" } })], ["first > last"]);
    engine.local("add", ({ x }: { x: number }) => ({ sum: x + 1 }));
    const run = engine.start(
      {
        toJobGraph: () =>
          graphOf(
            [
              { id: "flow", run: { flow: "Twice" }, params: { x: { value: 4 } } },
              { id: "inner", run: { graph: inner } },
              { id: "local", run: { local: "add" }, params: { x: { from: "inner", path: "last" } } },
            ],
            ["flow > inner", "inner > local"],
            { name: "outer" },
          ),
      },
      { id: "outer-1" },
    );
    const called = await works.next();
    expect(called.params).toEqual({ x: 8 });
    called.finish(8);
    (await works.next()).finish(10);
    const last = await works.next();
    expect(last.params).toEqual({ x: 10 });
    last.finish(20);
    expect(await run.result()).toEqual({ local: { sum: 21 } });
    const view = await foldRun(run.id, () => store.read(run.id));
    expect(view.run).toMatchObject({ flow: "outer", state: "succeeded", result: { local: { sum: 21 } } });
    expect(view.steps.map(({ node, task }) => `${node} ${task}`)).toEqual([
      expect.stringContaining("Work"),
      "flow Twice",
      "first Work",
      "last Work",
      "inner inner",
      "local add",
    ]);
  });
});
