import { Flow, flow, param, Task, task } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class Shout extends Task<string> {
  @param() accessor word!: string;
  @param() accessor mark = "!";

  async run(): Promise<string> {
    return `${origin()}: ${this.word.toUpperCase()}${this.mark}`;
  }
}

@flow()
export class Shouting extends Flow<string> {
  @param() accessor word = "hey";

  async run(): Promise<string> {
    return `${origin()}: ${await this.call(Shout, { word: this.word })}`;
  }
}

export const shape: Shape = {
  start: (engine) => engine.start(Shouting).result(),
  expected: "HEY!",
};
