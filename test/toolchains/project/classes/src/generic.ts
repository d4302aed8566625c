import { Flow, flow, param, Task, task } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class First<T extends { readonly name: string }> extends Task<string> {
  @param() items!: readonly T[];

  async run(): Promise<string> {
    return `${origin()}: ${this.items[0]?.name}`;
  }
}

@flow()
export class FirstOf<T extends { readonly name: string }> extends Flow<string> {
  @param() items!: readonly T[];

  async run(): Promise<string> {
    return `${origin()}: ${await this.call(First<T>, { items: this.items })}`;
  }
}

interface Person {
  readonly name: string;
  readonly age: number;
}

export const shape: Shape = {
  start: (engine) => engine.start(FirstOf<Person>, { items: [{ name: "Ada", age: 36 }] }).result(),
  expected: "Ada",
};
