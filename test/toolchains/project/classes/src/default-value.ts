import { Flow, flow, param, Task, task } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class Greet extends Task<string> {
  @param() name!: string;
  @param() greeting = "Hello";

  async run(): Promise<string> {
    return `${origin()}: ${this.greeting}, ${this.name}`;
  }
}

@flow()
export class Greeting extends Flow<string> {
  @param() name = "Ada";

  async run(): Promise<string> {
    return `${origin()}: ${await this.call(Greet, { name: this.name })}`;
  }
}

export const shape: Shape = {
  start: (engine) => engine.start(Greeting).result(),
  expected: "Hello, Ada",
};
