/** Schedulers, with jobs that run tasks of the build. */
import { Job, Scheduler } from "@millrace/jobs";
import { observedRun } from "../observed-run.js";
import { Double, Flaky, Item, Seed, Square, Sum } from "../project/src/tasks.js";
import type { Workload } from "../workload.js";
import type { FrontEnd, Way } from "./front-end.js";

function way(workload: Workload, make: () => Scheduler): Way {
  return { run: ({ engine }) => observedRun(workload, make().start(engine).run, { name: ({ node }) => node }) };
}

function diamond(): Scheduler {
  const seed = new Job(Seed, { n: 3 }, { label: "seed" });
  const double = new Job(Double, { of: seed.result }, { label: "double" }).requires(seed);
  const square = new Job(Square, { of: seed.result }, { label: "square" }).requires(seed);
  const sum = new Job(Sum, { left: double.result, right: square.result }, { label: "sum" }).requires(double, square);
  return new Scheduler(seed, double, square, sum);
}

function secondWind(): Scheduler {
  const seed = new Job(Seed, { n: 3 }, { label: "seed" });
  const flaky = new Job(Flaky, { of: seed.result }, { label: "flaky" });
  const double = new Job(Double, { of: flaky.result }, { label: "double" });
  return new Scheduler(seed, flaky, double);
}

function fiveItems(): Scheduler {
  return new Scheduler(...[0, 1, 2, 3, 4].map((i) => new Job(Item, { i }, { label: `item-${i}`, critical: false })));
}

export const schedulers: FrontEnd = {
  name: "`Scheduler`",
  on: "tasks",
  ways: {
    diamond: way("diamond", diamond),
    "second-wind": way("second-wind", secondWind),
    "five-items": {
      ...way("five-items", fiveItems),
      cannot: {
        reason: "a failure ends the scheduler, or, of a job that is not critical, does not fail it",
        instead: ["run: succeeded"],
      },
    },
  },
};
