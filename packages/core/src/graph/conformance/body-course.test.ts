import { expect, it } from "vitest";
import type { GraphNode } from "../flow-graph.js";
import { indexGraph } from "../index-graph.js";
import { BodyCourse } from "./body-course.js";
import { compareCourses } from "./compare-courses.js";
import { GraphRules } from "./graph-rules.js";

const span = { file: "f.ts", line: 1, column: 1, endLine: 1, endColumn: 1 };
const nodeOf = (id: string): GraphNode => ({ id, kind: "step", site: `F#${id}` as never, frames: [], span });
const [Ask, Save] = [nodeOf("Ask"), nodeOf("Save")];
const rules = new GraphRules(indexGraph({ graphVersion: 1, nodes: [Ask, Save], edges: [] }));

/** Asks, and saves something of the answer. */
function course(answer: unknown, saved: object, params: object = {}): BodyCourse {
  const body = new BodyCourse(params);
  body.issue({ name: "/Ask/0", node: Ask, frames: [] }, {});
  body.settle({ name: "/Ask/0", node: Ask, frames: [], port: "result" }, answer);
  body.issue({ name: "/Save/0", node: Save, frames: [] }, saved);
  body.succeed();
  return body;
}

it("names the parameter that follows an answer without an edge", () => {
  const found = compareCourses(rules, course(1, { text: { level: 1 } }), course(2, { text: { level: 2 } }));
  expect(found).toEqual([{ kind: "swayed", node: Save, sources: [Ask], param: "text.level" }]);
});

it("says nothing of what differs by the flow's own parameters, or by none of its steps", () => {
  expect(compareCourses(rules, course(1, { text: 1 }, { day: 1 }), course(2, { text: 2 }, { day: 2 }))).toEqual([]);
  expect(compareCourses(rules, course(1, { text: 1 }), course(1, { text: 2 }))).toEqual([]);
});

it("ends with an answer that has no hash", () => {
  const body = course(() => 1, { text: 1 });
  expect(body.whole).toBe(false);
  expect(body.events.map(({ kind }) => kind)).toEqual(["issue"]);
});
