/** Containers that wait for each other become one. */
import { isMillraceError } from "@millrace/core";
import { expect, it } from "vitest";
import type { Draft } from "../draft.js";
import { NodeTree } from "./node-tree.js";

let count = 0;

function draft(kind: Draft["kind"], label: string | undefined, parent?: Draft): Draft {
  const span = { file: "src/a.ts", line: 1, column: 1, endLine: 1, endColumn: 1 } as Draft["span"];
  return {
    index: count++,
    kind,
    parent,
    arm: undefined,
    span,
    label,
    site: undefined,
    frames: [],
    detail: { name: label ?? kind },
    carries: new Map(),
    dependent: false,
  };
}

it("merges siblings into one procedure that holds their children and the steps among them", () => {
  const outer = draft("procedure", undefined);
  const [a, b] = [draft("procedure", undefined, outer), draft("map", undefined, outer)];
  const [inA, inB, beside, after] = [
    draft("call", "Fetch", a),
    draft("call", "Check", b),
    draft("call", "Save", outer),
    draft("call", "List", outer),
  ];
  const tree = new NodeTree([outer, a, b, inA, inB, beside, after]);
  expect([a, b].map((each) => tree.idOf(each))).toEqual(["procedure~2", "map"]);
  tree.merge([b, a, beside]);
  const merged = tree.standing(inA).parent;
  if (!merged) throw new Error("nothing holds the step");
  expect(merged.kind).toBe("procedure");
  expect(tree.mergedOf(merged)).toEqual(["procedure~2", "map"]);
  expect(tree.idOf(merged)).toBe("procedure~3");
  expect(tree.children(merged)).toEqual([inA, inB, beside]);
  expect(tree.children(outer)).toEqual([merged, after]);
  expect([a, b].map((each) => tree.has(each))).toEqual([false, false]);
  expect(tree.lift(inA, after)).toEqual({ container: outer, from: merged, to: after });
});

it("says that it is a bug if steps alone wait for each other", () => {
  const [a, b] = [draft("call", "A"), draft("call", "B")];
  const tree = new NodeTree([a, b]);
  let thrown: unknown;
  try {
    tree.merge([a, b]);
  } catch (error) {
    thrown = error;
  }
  expect(isMillraceError(thrown) && thrown.code).toBe("internal-bug");
});
