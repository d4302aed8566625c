/** A flow of 40 steps: short enough for a thousand lives. */
import { Flow, flow } from "millrace";
import { Twenty } from "./marked.js";
import { type Mark, Nonce } from "./nonce.js";

/** 6 in a chain, 10 in a map, 4 large ones, and a sub-flow of 20. */
@flow
export class Short extends Flow<Mark[]> {
  async run(): Promise<Mark[]> {
    const marks: Mark[] = [];
    for (let i = 0; i < 6; i++) marks.push(await this.call(Nonce, { label: `chain-${i}` }));
    const numbers = Array.from({ length: 10 }, (_, i) => i);
    marks.push(...(await this.map(numbers, (i) => this.call(Nonce, { label: `map-${i}` }), { concurrency: 4 })));
    const large = await this.map(numbers.slice(0, 4), (i) => this.call(Nonce, { label: `large-${i}`, size: 300_000 }));
    marks.push(...large.map((mark) => ({ ...mark, filler: "" })));
    marks.push(...(await this.call(Twenty, { name: "t" })));
    return marks;
  }
}
