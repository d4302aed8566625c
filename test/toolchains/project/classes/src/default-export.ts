import { Flow, flow, param, Task, task } from "millrace";
import { attempt } from "./attempt.js";
import { ORIGIN } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class Echo extends Task<string> {
  @param() text!: string;

  async run(): Promise<string> {
    return `${ORIGIN}: ${this.text}`;
  }
}

@flow()
export default class Echoing extends Flow<string> {
  @param() text!: string;

  run(): Promise<string> {
    return this.call(Echo, { text: this.text });
  }
}

export const shape: Shape = {
  inline: () => attempt(Echo, { text: "hey" }),
  handle: (engine) => engine.start(Echoing, { text: "hey" }).result(),
  expected: "hey",
};
