// p-graph: n nodes without edges, on the main thread, nothing kept.
import { PGraph } from "p-graph";

export async function run({ n }) {
  const seen = new Set();
  const nodes = new Map(Array.from({ length: n }, (_, x) => [String(x), { run: async () => void seen.add(x) }]));
  const begun = performance.now();
  await new PGraph(nodes, []).run();
  return { ms: performance.now() - begun, distinct: seen.size };
}
