import { defineFlow, defineTask, type Flow } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

interface Named {
  readonly name: string;
}

interface Person extends Named {
  readonly age: number;
}

async function nameOfFirst<T extends Named>({ items }: { readonly items: readonly T[] }): Promise<string> {
  return `${origin()}: ${items[0]?.name}`;
}

export const firstPerson = defineTask({ id: "FirstPerson", run: nameOfFirst<Person> });

async function firstOf<T extends Person>(p: { readonly items: readonly T[] }, flow: Flow): Promise<string> {
  return `${origin()}: ${await flow.call(firstPerson, { items: p.items })}`;
}

export const firstOfPeople = defineFlow({ id: "FirstOfPeople", run: firstOf<Person> });

export const shape: Shape = {
  start: (engine) => engine.start(firstOfPeople, { items: [{ name: "Ada", age: 36 }] }).result(),
  expected: "Ada",
};
