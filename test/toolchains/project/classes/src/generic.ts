import { Flow, flow, param, Task, task } from "millrace";
import { attempt } from "./attempt.js";
import { ORIGIN } from "./origin.js";
import type { Shape } from "./shape.js";

@task()
export class First<T extends { readonly name: string }> extends Task<string> {
  @param() items!: readonly T[];

  async run(): Promise<string> {
    return `${ORIGIN}: ${this.items[0]?.name}`;
  }
}

@flow()
export class FirstOf<T extends { readonly name: string }> extends Flow<string> {
  @param() items!: readonly T[];

  run(): Promise<string> {
    return this.call(First<T>, { items: this.items });
  }
}

interface Person {
  readonly name: string;
  readonly age: number;
}

export const shape: Shape = {
  inline: () => attempt(First<Person>, { items: [{ name: "Ada", age: 36 }] }),
  handle: (engine) => engine.start(FirstOf<Person>, { items: [{ name: "Ada", age: 36 }] }).result(),
  expected: "Ada",
};
