import { defineFlow, defineTask } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

/** A class that a task works with. */
class Sign {
  accessor word = "";
  accessor mark = "!";

  get text(): string {
    return `${this.word.toUpperCase()}${this.mark}`;
  }
}

export const shout = defineTask({
  id: "Shout",
  run: async ({ word }: { word: string }) => {
    const sign = new Sign();
    sign.word = word;
    return `${origin()}: ${sign.text}`;
  },
});

export const shouting = defineFlow({
  id: "Shouting",
  run: async ({ word = "hey" }: { word?: string }, flow) => `${origin()}: ${await flow.call(shout, { word })}`,
});

export const shape: Shape = {
  start: (engine) => engine.start(shouting).result(),
  expected: "HEY!",
};
