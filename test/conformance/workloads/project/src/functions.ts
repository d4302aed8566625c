/** The workloads as flows without classes. */
import { defineFlow } from "millrace";
import { Double, Flaky, Item, Seed, Square, Sum } from "./tasks.js";

export const diamond = defineFlow({
  id: "DiamondFunction",
  run: async (_: Record<never, never>, flow) => {
    const of = await flow.call(Seed, { n: 3 });
    const [left, right] = await flow.all([flow.call(Double, { of }), flow.call(Square, { of })]);
    return flow.call(Sum, { left, right });
  },
});

export const secondWind = defineFlow({
  id: "SecondWindFunction",
  run: async (_: Record<never, never>, flow) => {
    const seed = await flow.call(Seed, { n: 3 });
    const grown = await flow.call(Flaky, { of: seed });
    return flow.call(Double, { of: grown });
  },
});

export const fiveItems = defineFlow({
  id: "FiveItemsFunction",
  run: async (_: Record<never, never>, flow) => {
    const outcomes = await flow.map([0, 1, 2, 3, 4], (i) => flow.call(Item, { i }), { onError: "collect" });
    if (outcomes.some(({ status }) => status !== "succeeded")) throw new Error("not all items are good");
  },
});
