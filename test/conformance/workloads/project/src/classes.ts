/** The workloads as flow classes. */
import { Flow, flow } from "millrace";
import { Double, Flaky, Item, Seed, Square, Sum } from "./tasks.js";

@flow()
export class Diamond extends Flow<number> {
  async run(): Promise<number> {
    const of = await this.call(Seed, { n: 3 });
    const [left, right] = await this.all([this.call(Double, { of }), this.call(Square, { of })]);
    return this.call(Sum, { left, right });
  }
}

@flow()
export class SecondWind extends Flow<number> {
  async run(): Promise<number> {
    const seed = await this.call(Seed, { n: 3 });
    const grown = await this.call(Flaky, { of: seed });
    return this.call(Double, { of: grown });
  }
}

@flow()
export class FiveItems extends Flow<void> {
  async run(): Promise<void> {
    const outcomes = await this.map([0, 1, 2, 3, 4], (i) => this.call(Item, { i }), { onError: "collect" });
    if (outcomes.some(({ status }) => status !== "succeeded")) throw new Error("not all items are good");
  }
}
