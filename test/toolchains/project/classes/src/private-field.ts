import { Flow, flow, param, Task, task } from "millrace";
import { attempt } from "./attempt.js";
import { ORIGIN } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class Count extends Task<string> {
  @param() upTo!: number;
  #counted = 0;

  async run(): Promise<string> {
    while (this.#counted < this.upTo) this.#step();
    return `${ORIGIN}: ${this.#counted}`;
  }

  #step(): void {
    this.#counted += 1;
  }
}

@flow()
export class Counting extends Flow<string> {
  @param() upTo!: number;
  readonly #least = 3;

  run(): Promise<string> {
    return this.call(Count, { upTo: this.upTo + this.#least });
  }
}

export const shape: Shape = {
  inline: () => attempt(Count, { upTo: 7 }),
  handle: (engine) => engine.start(Counting, { upTo: 4 }).result(),
  expected: "7",
};
