/** Walks the body of one flow. The first file to read: everything beside it is called from here. */
import type { Declared } from "../../project/declared.js";
import type { Analysis } from "../analysis.js";
import type { DraftGraph } from "../draft-graph.js";
import { NOTHING, SELF } from "../values.js";
import { evaluate } from "./expressions.js";
import { inline } from "./inline.js";
import { activate, type Place } from "./place.js";
import { execute } from "./statements.js";
import { Walk } from "./walk.js";

/** What the body of a flow comes to, as drafts. */
export function walkFlow(analysis: Analysis, flow: Declared): DraftGraph {
  const walk = new Walk(analysis, flow, { evaluate, execute });
  const run = analysis.callables.runOf(flow);
  if (run) {
    const at: Place = {
      scope: walk.selfScope,
      parent: undefined,
      arm: undefined,
      frames: [],
      opaque: undefined,
      aside: false,
      activation: activate(0),
      conditions: [],
      turns: [],
      blocks: [],
      stack: [],
    };
    const closure = { callable: run, scope: walk.moduleScope };
    // A function gets its parameters and the flow; a method is the flow's own.
    const known = flow.form.type === "function" ? [NOTHING, SELF] : [];
    const self = flow.form.type === "function" ? NOTHING : SELF;
    inline(walk, { call: run, closure, self, args: { known, rest: NOTHING } }, at);
  }
  return walk.graph;
}
