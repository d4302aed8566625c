/** YAML jobs, read from files. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadJob } from "@millrace/jobs";
import { observedRun } from "../observed-run.js";
import { NAMES, type Workload } from "../workload.js";
import type { FrontEnd, Way } from "./front-end.js";

const JOBS: Readonly<Record<Workload, string>> = {
  diamond: `tasks:
  seed: { task: Seed, parameters: { n: 3 } }
  double: { task: Double, parameters: { of: "\${{ tasks.seed.result }}" } }
  square: { task: Square, parameters: { of: "\${{ tasks.seed.result }}" } }
  sum:
    task: Sum
    parameters:
      left: \${{ tasks.double.result }}
      right: \${{ tasks.square.result }}
`,
  "second-wind": `tasks:
  seed: { task: Seed, parameters: { n: 3 } }
  flaky: { task: Flaky, parameters: { of: "\${{ tasks.seed.result }}" } }
  double: { task: Double, parameters: { of: "\${{ tasks.flaky.result }}" } }
`,
  "five-items": `tasks:
${[0, 1, 2, 3, 4].map((i) => `  item-${i}: { task: Item, parameters: { i: ${i} } }\n`).join("")}`,
};

function way(workload: Workload): Way {
  return {
    run({ engine, folder }) {
      const file = join(folder, `${workload}.yaml`);
      writeFileSync(file, JOBS[workload]);
      return observedRun(workload, engine.start(loadJob(file)), { name: ({ node }) => node });
    },
  };
}

export const yamlJobs: FrontEnd = {
  name: "YAML job",
  on: "tasks",
  ways: Object.fromEntries(NAMES.map((workload) => [workload, way(workload)])) as FrontEnd["ways"],
};
