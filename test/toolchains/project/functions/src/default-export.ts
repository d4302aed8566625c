import echoing from "./echoing.js";
import type { Shape } from "./shape.js";

export const shape: Shape = {
  start: (engine) => engine.start(echoing, { text: "hey" }).result(),
  expected: "hey",
};
