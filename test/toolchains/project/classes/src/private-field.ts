import { Flow, flow, param, Task, task } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class Count extends Task<string> {
  @param() upTo!: number;
  #counted = 0;

  async run(): Promise<string> {
    while (this.#counted < this.upTo) this.#step();
    return `${origin()}: ${this.#counted}`;
  }

  #step(): void {
    this.#counted += 1;
  }
}

@flow()
export class Counting extends Flow<string> {
  @param() upTo!: number;
  readonly #least = 3;

  async run(): Promise<string> {
    return `${origin()}: ${await this.call(Count, { upTo: this.upTo + this.#least })}`;
  }
}

export const shape: Shape = {
  start: (engine) => engine.start(Counting, { upTo: 4 }).result(),
  expected: "7",
};
