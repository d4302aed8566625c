import { defineFlow, defineTask } from "millrace";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

export const greet = defineTask({
  id: "Greet",
  run: async ({ name, greeting = "Hello" }: { name: string; greeting?: string }) => `${origin()}: ${greeting}, ${name}`,
});

export const greeting = defineFlow({
  id: "Greeting",
  run: async ({ name = "Ada" }: { name?: string }, flow) => `${origin()}: ${await flow.call(greet, { name })}`,
});

export const shape: Shape = {
  start: (engine) => engine.start(greeting).result(),
  expected: "Hello, Ada",
};
