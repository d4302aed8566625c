/** How test workers tell the plugin what runs have shown of graphs: each process appends to a file of its own. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type GraphWitness, joinWitnesses } from "@millrace/core";

/** Names the folder for these files. Set by `millrace/vitest` if coverage is asked for. */
export const COVERAGE_DIR = "MILLRACE_TEST_COVERAGE_DIR";

/** Adds what a body has shown, if coverage is asked for. */
export function coverageWriter(): ((flow: string, shown: GraphWitness) => void) | undefined {
  const dir = process.env[COVERAGE_DIR];
  if (!dir) return undefined;
  return (flow, shown) => {
    mkdirSync(dir, { recursive: true });
    appendFileSync(join(dir, `${process.pid}.jsonl`), `${JSON.stringify([flow, shown])}\n`);
  };
}

/** All that has been written, by flow. */
export function readWitnesses(dir: string): ReadonlyMap<string, GraphWitness> {
  const found = new Map<string, GraphWitness>();
  for (const name of readdirSync(dir)) {
    const lines = readFileSync(join(dir, name), "utf8").split("\n").filter(Boolean);
    for (const line of lines) {
      // Written right above by a process of this test run.
      const [flow, shown] = JSON.parse(line) as [string, GraphWitness];
      const known = found.get(flow);
      found.set(flow, known ? joinWitnesses(known, shown) : shown);
    }
  }
  return found;
}
