/** What may follow each step of every fixture: all steps are listed, whatever the flow is made of. */
import { CONTAINER_KINDS, renderSuccessors, successorsOf } from "@millrace/core";
import { expect, it } from "vitest";
import { analyse, FIXTURES, fixtureNames } from "./fixture-project.js";

const { model, result } = analyse(FIXTURES);
const graphOf = (name: string) => {
  const flow = model.declarations.find((d) => d.kind === "flow" && d.source === `src/${name}.ts`);
  const graph = result.graphs.get(flow?.id ?? "");
  if (!graph) throw new Error(`no flow in ${name}`);
  return graph;
};

it.each(fixtureNames())("%s", (name) => {
  const graph = graphOf(name);
  const steps = graph.nodes.filter(({ kind }) => !CONTAINER_KINDS.has(kind)).map(({ id }) => id);
  expect(successorsOf(graph).map(({ node }) => node)).toEqual(["start", ...steps]);
});

it.each([
  ["sequence", "Fetch  -> Check"],
  ["exit-branch", "Check  -> Branch(!check.ok)[then=Render, otherwise=Save]"],
  ["unknown", "dynamic   -> symbolic dynamic~2{Save}"],
  ["helping", "Render   -> call Helping.page(procedure~2: Fetch~2; returns to Save)"],
  ["subflow", "start    -> call Sequence(Sequence; returns to Save)"],
  ["gathering", "Fetch  -> map~2*[Check]"],
])("of %s says %s", (name, line) => {
  expect(renderSuccessors(successorsOf(graphOf(name))).split("\n")).toContain(line);
});
