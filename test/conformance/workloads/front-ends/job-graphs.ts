/** Job graphs as they stand in JSON files. */
import type { JobGraph } from "@millrace/core";
import { observedRun } from "../observed-run.js";
import { NAMES, type Workload } from "../workload.js";
import type { FrontEnd, Way } from "./front-end.js";

const GRAPHS: Readonly<Record<Workload, JobGraph>> = {
  diamond: {
    version: 1,
    name: "diamond",
    nodes: [
      { id: "seed", run: { task: "Seed" }, params: { n: { value: 3 } } },
      { id: "double", run: { task: "Double" }, params: { of: { from: "seed" } } },
      { id: "square", run: { task: "Square" }, params: { of: { from: "seed" } } },
      { id: "sum", run: { task: "Sum" }, params: { left: { from: "double" }, right: { from: "square" } } },
    ],
    edges: [
      { from: "seed", to: "double" },
      { from: "seed", to: "square" },
      { from: "double", to: "sum" },
      { from: "square", to: "sum" },
    ],
  },
  "second-wind": {
    version: 1,
    name: "second-wind",
    nodes: [
      { id: "seed", run: { task: "Seed" }, params: { n: { value: 3 } } },
      { id: "flaky", run: { task: "Flaky" }, params: { of: { from: "seed" } } },
      { id: "double", run: { task: "Double" }, params: { of: { from: "flaky" } } },
    ],
    edges: [
      { from: "seed", to: "flaky" },
      { from: "flaky", to: "double" },
    ],
  },
  "five-items": {
    version: 1,
    name: "five-items",
    nodes: [0, 1, 2, 3, 4].map((i) => ({ id: `item-${i}`, run: { task: "Item" }, params: { i: { value: i } } })),
    edges: [],
  },
};

function way(workload: Workload): Way {
  // The way through JSON is that of a file.
  const graph = JSON.parse(JSON.stringify(GRAPHS[workload])) as JobGraph;
  return { run: ({ engine }) => observedRun(workload, engine.start(graph), { name: ({ node }) => node }) };
}

export const jobGraphs: FrontEnd = {
  name: "job graph (JSON)",
  on: "tasks",
  ways: Object.fromEntries(NAMES.map((workload) => [workload, way(workload)])) as FrontEnd["ways"],
};
