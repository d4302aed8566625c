/** Every fixture's graph, against what was written by hand from the definitions. */
import { describe, expect, it } from "vitest";
import { analyse, expectation, FIXTURES, fixtureNames } from "./fixture-project.js";
import { graphText } from "./graph-text.js";

describe("graphs of fixtures", () => {
  const { model, result } = analyse(FIXTURES);

  it.each(fixtureNames())("%s", (name) => {
    const flow = model.declarations.find((d) => d.kind === "flow" && d.source === `src/${name}.ts`);
    const graph = result.graphs.get(flow?.id ?? "");
    expect(graph && graphText(graph)).toBe(expectation(name));
  });
});
