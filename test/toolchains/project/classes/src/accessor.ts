import { Flow, flow, param, Task, task } from "millrace";
import { attempt } from "./attempt.js";
import { ORIGIN } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class Shout extends Task<string> {
  @param() accessor word!: string;
  @param() accessor mark = "!";

  async run(): Promise<string> {
    return `${ORIGIN}: ${this.word.toUpperCase()}${this.mark}`;
  }
}

@flow()
export class Shouting extends Flow<string> {
  @param() accessor word = "hey";

  run(): Promise<string> {
    return this.call(Shout, { word: this.word });
  }
}

export const shape: Shape = {
  inline: () => attempt(Shout, { word: "hey" }),
  handle: (engine) => engine.start(Shouting).result(),
  expected: "HEY!",
};
