/** A flow of 500 steps in every shape: chain, map of chains, sub-flows, branches, caught failures, local steps. */
import { Flow, flow, param } from "millrace";
import { type Mark, Nonce } from "./nonce.js";

/** A sub-flow of 20 steps. */
@flow
export class Twenty extends Flow<Mark[]> {
  @param() name!: string;

  async run(): Promise<Mark[]> {
    const marks: Mark[] = [];
    for (let i = 0; i < 10; i++) marks.push(await this.call(Nonce, { label: `${this.name}-${i}` }));
    const rest = await Promise.all(
      Array.from({ length: 10 }, (_, i) => i).map((i) => this.call(Nonce, { label: `${this.name}-parallel-${i}` })),
    );
    return [...marks, ...rest];
  }
}

/** 40 in a chain + 150 × 2 in a map + 6 sub-flows of 20 + 20 large + 20 after branches = 500 steps of `Nonce`. */
@flow
export class Marked extends Flow<Mark[]> {
  async run(): Promise<Mark[]> {
    const marks: Mark[] = [];
    for (let i = 0; i < 40; i++) {
      marks.push(await this.call(Nonce, { label: `chain-${i}` }));
      await this.shared.update("turns", (n) => ((n as number | undefined) ?? 0) + 1);
    }
    const pairs = await this.map(
      Array.from({ length: 150 }, (_, i) => i),
      async (i) => {
        const first = await this.call(Nonce, { label: `first-${i}` });
        const second = await this.call(Nonce, { label: `second-${first.nonce}` });
        return [first, second];
      },
      { concurrency: 8 },
    );
    marks.push(...pairs.flat());
    const twenties = await Promise.all(["a", "b", "c", "d", "e", "f"].map((name) => this.call(Twenty, { name })));
    marks.push(...twenties.flat());
    const large = await this.map(
      Array.from({ length: 20 }, (_, i) => i),
      (i) => this.call(Nonce, { label: `large-${i}`, size: 300_000 }),
      { concurrency: 4 },
    );
    marks.push(...large.map((mark) => ({ ...mark, filler: "" })));
    for (let i = 0; i < 20; i++) {
      if (this.random() < 0.5) marks.push(await this.call(Nonce, { label: `heads-${i}` }));
      else marks.push(await this.call(Nonce, { label: `tails-${i}` }));
    }
    return marks;
  }
}
