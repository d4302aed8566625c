import { Flow, flow, param, Task, task } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

abstract class Drawn extends Task<string> {
  @param() size!: number;
  abstract readonly figure: string;

  async run(): Promise<string> {
    return `${origin()}: ${this.figure} of ${this.size}`;
  }
}

@task()
export class Circle extends Drawn {
  readonly figure = "circle";
}

abstract class Drawing extends Flow<string> {
  @param() size!: number;
}

@flow()
export class CircleDrawing extends Drawing {
  async run(): Promise<string> {
    return `${origin()}: ${await this.call(Circle, { size: this.size })}`;
  }
}

export const shape: Shape = {
  start: (engine) => engine.start(CircleDrawing, { size: 4 }).result(),
  expected: "circle of 4",
};
