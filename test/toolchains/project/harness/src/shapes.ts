/** The shapes of a style, each loaded on its own: what one toolchain cannot load is no other's failure. */
import type { Shape } from "./shape.js";

export const SHAPES: Readonly<Record<string, () => Promise<{ readonly shape: Shape }>>> = {
  "default-value": () => import("./default-value.js"),
  inherited: () => import("./inherited.js"),
  "abstract-base": () => import("./abstract-base.js"),
  generic: () => import("./generic.js"),
  "private-field": () => import("./private-field.js"),
  accessor: () => import("./accessor.js"),
  "default-export": () => import("./default-export.js"),
};
