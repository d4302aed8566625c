import { Flow, flow, param, Task, task } from "millrace";
import { attempt } from "./attempt.js";
import { ORIGIN } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class Greet extends Task<string> {
  @param() name!: string;
  @param() greeting = "Hello";

  async run(): Promise<string> {
    return `${ORIGIN}: ${this.greeting}, ${this.name}`;
  }
}

@flow()
export class Greeting extends Flow<string> {
  @param() name = "Ada";

  run(): Promise<string> {
    return this.call(Greet, { name: this.name });
  }
}

export const shape: Shape = {
  inline: () => attempt(Greet, { name: "Ada" }),
  handle: (engine) => engine.start(Greeting).result(),
  expected: "Hello, Ada",
};
