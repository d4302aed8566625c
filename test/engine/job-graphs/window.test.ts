/** The window of a job graph: how many of its nodes run at once. */
import { describe, expect, it } from "vitest";
import { graphOf, lab, named } from "./lab.js";

const SIX = ["a", "b", "c", "d", "e", "f"];

describe("the window of a job graph", () => {
  it("lets so many run at once, in the order in which their time came", async () => {
    const { engine } = await lab();
    await using _ = engine;
    const begun: unknown[] = [];
    let running = 0;
    let most = 0;
    engine.local("count", async ({ id }) => {
      begun.push(id);
      most = Math.max(most, ++running);
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    const nodes = SIX.map((id) => ({ id, run: { local: "count" }, params: { id: { value: id } } }));
    await engine.start(graphOf(nodes, ["c > a"], { window: 2 })).result();
    expect(begun).toEqual(["b", "c", "d", "e", "f", "a"]);
    expect(most).toBe(2);
  });

  it("is not narrowed by what failed and hurts nobody", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    const nodes = ["a", "b", "c"].map((id) => named(id, { critical: false }));
    const run = engine.start(graphOf(nodes, [], { window: 1 }));
    (await works.next()).fail(new Error("a broke"));
    (await works.next()).fail(new Error("b broke"));
    (await works.next()).finish("c");
    expect(await run.result()).toEqual({ c: "c" });
  });

  it("has no place for what runs forever, which stands beside it", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    const nodes = [named("a"), named("b"), named("monitor", { forever: true })];
    const run = engine.start(graphOf(nodes, [], { window: 1 }));
    const [first, second] = [await works.next(), await works.next()];
    expect([first, second].map(({ params }) => params)).toEqual([{ x: "a" }, { x: "monitor" }]);
    first.finish(1);
    (await works.next()).finish(2);
    expect(await run.result()).toEqual({ a: 1, b: 2 });
  });

  it("counts a graph inside as one, which has a window of its own", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    const inner = graphOf([named("x"), named("y"), named("z")], [], { window: 2 });
    const run = engine.start(graphOf([{ id: "in", run: { graph: inner } }, named("b")], [], { window: 1 }));
    const open = [await works.next(), await works.next()];
    expect(open.map(({ params }) => params)).toEqual([{ x: "x" }, { x: "y" }]);
    open[0]?.finish(0);
    const z = await works.next();
    expect(z.params).toEqual({ x: "z" });
    open[1]?.finish(0);
    z.finish(0);
    const b = await works.next();
    expect(b.params).toEqual({ x: "b" });
    b.finish(0);
    await run.result();
  });

  it("skips all that has no room yet when the graph ends", async () => {
    const { works, engine } = await lab();
    await using _ = engine;
    const run = engine.start(
      graphOf(
        SIX.map((id) => named(id)),
        [],
        { window: 2, policy: "fail-fast" },
      ),
    );
    (await works.next()).fail(new Error("a broke"));
    await expect(run.result()).rejects.toThrow("a of job-graph failed: a broke");
    expect(run.totals).toMatchObject({ total: 6, failed: 1, aborted: 1, skipped: 4 });
  });
});
