/** Every flow of the fixtures of graphs is exported, or has a reason with a place in its source: nothing is left out in silence. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { exportFlow } from "@millrace/compiler";
import type { FlowEntry, JobGraph } from "@millrace/core";
import { afterAll, describe, expect, it } from "vitest";
import { analyse, FIXTURES, fixtureNames } from "../graphs/fixture-project.js";
import { announce, compileStamped } from "../graphs/stamped-run.js";

/** What bodies of fixtures are given. */
const GIVEN = { cities: ["oslo", "bergen"], inputs: ["a", "b"] };

const { model, result } = analyse(FIXTURES);
const folder = mkdtempSync(join(FIXTURES, ".out-"));
compileStamped(model, result, folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function entryOf(name: string): FlowEntry {
  const flow = model.declarations.find((d) => d.kind === "flow" && d.source === `src/${name}.ts`);
  const graph = result.graphs.get(flow?.id ?? "");
  if (!flow || !graph) throw new Error(`no flow in ${name}`);
  const { id, source, span, exportName } = flow;
  const params = Object.keys(GIVEN).map((param) => ({ name: param, required: true }));
  // What an export looks at.
  return { id, source, span, exportName, graph, params, options: {} } as unknown as FlowEntry;
}

const exported: string[] = [];

describe("flows of the fixtures", { timeout: 60_000 }, () => {
  it.each(fixtureNames())("%s is exported whole, or refused with places", async (name) => {
    const flow = entryOf(name);
    const found = await exportFlow({ root: FIXTURES, flow, params: GIVEN, name: "job" });
    if ("reasons" in found) {
      expect(found.reasons.length).toBeGreaterThan(0);
      for (const { span, message } of found.reasons) {
        expect(span.file).toMatch(/^src\//);
        expect(message).toMatch(/\.$/);
      }
      return;
    }
    exported.push(name);
    const module = join(folder, `src/${name}.js`);
    const calls = await announce({ module, name: flow.exportName, params: GIVEN }, { refusals: 0 });
    const calleeOf = ({ run }: JobGraph["nodes"][number]) => ("task" in run ? run.task : "flow" in run && run.flow);
    expect(found.graph.nodes.map(calleeOf).sort()).toEqual(calls.map(({ callee }) => callee).sort());
  });

  it("that are exported are those without a decision", () => {
    expect(exported).toEqual(["early", "sequence", "settle-late", "together"]);
  });
});
