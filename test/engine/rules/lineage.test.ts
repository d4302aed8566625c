/** What became of the tokens of a run, read off its facts: the same as what ran, whatever was sent, called, held or failed. */
import { type Fact, type RuleLineage, realiseRules, ruleLineage } from "@millrace/core";
import { memoryStore, type Run } from "@millrace/runtime";
import { openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { data, rule, setOf } from "./rules-lab.js";

async function lineageOf(store: ReturnType<typeof memoryStore>, run: Run): Promise<RuleLineage> {
  const facts: Fact[] = [];
  for await (const fact of store.read(run.id)) facts.push(fact);
  return ruleLineage(facts) as RuleLineage;
}

/** `way type from->rules` of each token. */
function lines({ tokens }: RuleLineage): readonly string[] {
  return tokens.map(({ body, way, from, firings, stack }) => {
    const calls = stack.length > 0 ? ` in ${stack.map((call) => call.rule).join()}` : "";
    const states = firings.map(({ rule: name, state }) => (state === "succeeded" ? name : `${name} ${state}`));
    return `${from?.rule ?? "start"} -${way} ${body.type ?? body._error}-> ${states.join() || "none"}${calls}`;
  });
}

describe("the lineage of tokens", () => {
  it("has calls with their stacks, what goes back, errors, and what nothing matched", async () => {
    const store = memoryStore();
    await using engine = await openTestEngine({ store });
    const set = setOf(
      [
        data("main", { type: "main" }, [
          { token: { value: { type: "work", n: 1 } }, back: { value: { type: "after" } } },
          { token: { value: { type: "work", n: 0 } } },
        ]),
        rule("work", { type: "work" }, ({ n }) => {
          if (n === 0) throw new RangeError("none");
          return { type: "worked" };
        }),
        data("back", { type: "worked" }, [{ return: { from: "token", path: "type" } }]),
        data("sorry", { _error: true }, [{ token: { value: { type: "sorry" } } }]),
        data("after", { type: "after" }),
      ],
      [{ type: "main" }, { type: "odd" }],
    );
    const run = engine.start(set);
    await run.result();
    const lineage = await lineageOf(store, run);
    expect([...lines(lineage)].sort()).toEqual([
      "back -back after-> after",
      "main -call work-> work in main",
      "main -token work-> work failed",
      "sorry -token sorry-> none",
      "start -token main-> main",
      "start -token odd-> none",
      "work -error true-> sorry",
      "work -token worked-> back in main",
    ]);
    const graph = realiseRules(lineage);
    expect(graph.unmatched.map(({ from, token }) => `${from ?? "start"} ${token}`).sort()).toEqual([
      "sorry sorry",
      "start odd",
    ]);
    expect(graph.edges.filter(({ to }) => to === "work")).toEqual([
      { from: "main", to: "work", token: "work", way: "call", verdict: "must", count: 1 },
      { from: "main", to: "work", token: "work", way: "token", verdict: "must", count: 1 },
    ]);
  });

  it("has what was sent, added, removed, edited and let go", async () => {
    const store = memoryStore();
    await using engine = await openTestEngine({ store });
    const set = setOf(
      [data("a", { type: "x" }, [{ token: { fields: { type: { value: "y" }, n: { from: "token", path: "n" } } } }])],
      [
        { id: "one", body: { type: "x", n: 1 } },
        { id: "two", body: { type: "x", n: 2 } },
      ],
      { open: true },
    );
    const run = engine.start(set, { breakpoints: ['{"type":"x"}'] });
    for (const id of ["one", "two"])
      await engine.events.until("step-held", ({ step, run: of }) => of === run.id && step.node === `token[${id}]`);
    await run.send("rules", { edit: "one", body: { type: "x", n: 10 } });
    await run.send("rules", { drop: "two" });
    await run.continue();
    await run.send("rules", { add: { name: "b", filter: { type: "sent" } } });
    await run.send("token", { type: "sent" });
    await run.send("rules", { remove: "b" });
    await run.send("rules", { token: { id: "late", body: { type: "sent" } } });
    await run.send("rules", { close: true });
    const { tokens, firings } = await run.result();
    const lineage = await lineageOf(store, run);
    expect(lineage.tokens).toHaveLength(tokens);
    expect(lineage.tokens.flatMap((token) => token.firings)).toHaveLength(firings);
    expect([...lines(lineage)].sort()).toEqual([
      "a -token y-> none",
      "start -token sent-> b",
      "start -token sent-> none",
      "start -token x-> a",
      "start -token x-> none",
    ]);
    expect(lineage.tokens.find(({ from }) => from)?.body).toEqual({ type: "y", n: 10 });
    expect(lineage.set.rules.map(({ name }) => name)).toEqual(["a"]);
  });

  it("has nothing of what was sent and was wrong", async () => {
    const store = memoryStore();
    await using engine = await openTestEngine({ store });
    const run = engine.start(setOf([data("a", { type: "x" })], [{ type: "x" }], { open: true }));
    await run.send("rules", { token: { id: 5, body: { type: "x" } } });
    await run.send("rules", { token: { body: { type: "x" } }, remove: "a" });
    await run.send("rules", { add: { name: "b", filter: {} }, remove: "a" });
    await run.send("token", "x");
    await run.send("rules", { close: true });
    expect(await run.result()).toMatchObject({ tokens: 1, firings: 1 });
    const lineage = await lineageOf(store, run);
    expect(lines(lineage)).toEqual(["start -token x-> a"]);
    expect(lineage.set.rules.map(({ name }) => name)).toEqual(["a"]);
  });

  it("is none of a run of a flow", () => {
    expect(ruleLineage([])).toBeUndefined();
  });
});
