/** Flow classes, and flows made by `defineFlow`: the code of both is the project's. */
import type { StepRef } from "@millrace/core";
import { observedRun } from "../observed-run.js";
import type { Workload } from "../workload.js";
import type { FrontEnd, Way } from "./front-end.js";

/** Items are told apart by their place in the map, which stands in their key. */
function name({ task, key }: StepRef): string {
  return task === "Item" ? `item-${/\[(\d+)\]/.exec(key)?.[1]}` : task.toLowerCase();
}

function flow(workload: Workload, id: string): Way {
  return { run: ({ engine }) => observedRun(workload, engine.start(id, {}), { name }) };
}

export const flowClasses: FrontEnd = {
  name: "flow class",
  on: "tasks",
  ways: {
    diamond: flow("diamond", "Diamond"),
    "second-wind": flow("second-wind", "SecondWind"),
    "five-items": flow("five-items", "FiveItems"),
  },
};

export const flowFunctions: FrontEnd = {
  name: "`defineFlow`",
  on: "tasks",
  ways: {
    diamond: flow("diamond", "DiamondFunction"),
    "second-wind": flow("second-wind", "SecondWindFunction"),
    "five-items": flow("five-items", "FiveItemsFunction"),
  },
};
