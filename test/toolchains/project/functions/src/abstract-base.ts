import { defineFlow, defineTask } from "millrace";
import { drawn } from "./drawn.js";
import { origin } from "./origin.js";
import type { Shape } from "./shape.js";

export const drawCircle = defineTask({ id: "DrawCircle", run: drawn("circle") });

export const circleDrawing = defineFlow({
  id: "CircleDrawing",
  run: async ({ size }: { readonly size: number }, flow) => `${origin()}: ${await flow.call(drawCircle, { size })}`,
});

export const shape: Shape = {
  start: (engine) => engine.start(circleDrawing, { size: 4 }).result(),
  expected: "circle of 4",
};
