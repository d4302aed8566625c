import { Flow, flow, param, Task, task } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class Echo extends Task<string> {
  @param() text!: string;

  async run(): Promise<string> {
    return `${origin()}: ${this.text}`;
  }
}

@flow()
export default class Echoing extends Flow<string> {
  @param() text!: string;

  async run(): Promise<string> {
    return `${origin()}: ${await this.call(Echo, { text: this.text })}`;
  }
}

export const shape: Shape = {
  start: (engine) => engine.start(Echoing, { text: "hey" }).result(),
  expected: "hey",
};
