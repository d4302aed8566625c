import { defineFlow, defineTask } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

/** What only this module sees. */
class Counter {
  #counted = 0;

  upTo(limit: number): number {
    while (this.#counted < limit) this.#step();
    return this.#counted;
  }

  #step(): void {
    this.#counted += 1;
  }
}

const LEAST = 3;

export const count = defineTask({
  id: "Count",
  run: async ({ upTo }: { upTo: number }) => `${origin()}: ${new Counter().upTo(upTo)}`,
});

export const counting = defineFlow({
  id: "Counting",
  run: async ({ upTo }: { upTo: number }, flow) => `${origin()}: ${await flow.call(count, { upTo: upTo + LEAST })}`,
});

export const shape: Shape = {
  start: (engine) => engine.start(counting, { upTo: 4 }).result(),
  expected: "7",
};
