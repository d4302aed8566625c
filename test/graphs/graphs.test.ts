/** Every fixture's graph, against what was written by hand from the definitions. */
import { describe, expect, it } from "vitest";
import { analyse, expectation, FIXTURES, fixtureNames } from "./fixture-project.js";
import { graphText } from "./graph-text.js";
import { Scores } from "./scores.js";

/** Bodies of one idea each. */
const FEWEST = 85;

const { model, result } = analyse(FIXTURES);

function textOf(name: string): string {
  const flow = model.declarations.find((d) => d.kind === "flow" && d.source === `src/${name}.ts`);
  const graph = result.graphs.get(flow?.id ?? "");
  if (!graph) throw new Error(`no flow in ${name}`);
  return graphText(graph);
}

describe("graphs of fixtures", () => {
  it.each(fixtureNames())("%s", (name) => {
    expect(textOf(name)).toBe(expectation(name));
  });
});

/** What cannot be known is part of the contract: which nodes, why, and what they may be. */
describe("dynamic nodes of fixtures", () => {
  const dynamic = (text: string): readonly string[] =>
    text.split("\n").filter((line) => /^node \S+ dynamic( |$)/.test(line));

  it.each(fixtureNames())("%s", (name) => {
    expect(dynamic(textOf(name))).toEqual(dynamic(expectation(name)));
  });
});

describe("the corpus", () => {
  it(`has at least ${FEWEST} bodies`, () => {
    expect(fixtureNames().length).toBeGreaterThanOrEqual(FEWEST);
  });

  it("is met with a precision and a recall of 1.00 for each kind", () => {
    const scores = new Scores();
    for (const name of fixtureNames()) scores.add(expectation(name), textOf(name));
    console.log(scores.table());
    for (const { precision, recall } of scores.rows()) expect([precision, recall]).toEqual([1, 1]);
  });

  it("is scored below 1.00 when a graph misses an edge or has one too many", () => {
    const scores = new Scores();
    const given = expectation("settle-late");
    const [order = ""] = given.split("\n").filter((line) => line.includes(" order "));
    scores.add(given, given.replace(`${order}\n`, ""));
    expect(scores.of("order")).toMatchObject({ precision: 1, missing: 1 });
    expect(scores.of("order")?.recall).toBeLessThan(1);
    scores.add(given, `${given}edge Fetch -> Save control\n`);
    expect(scores.of("control")?.precision).toBeLessThan(1);
    expect(scores.of("node")).toMatchObject({ precision: 1, recall: 1 });
  });
});
