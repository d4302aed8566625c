/** Runs the flow in this process: opens the engine, starts a run, prints what happens and then the result. */
import { openEngine } from "millrace/engine";
import { wordReport } from "./flows/word-report.js";

// `recover` goes on with runs that a crash has cut short, before new ones are started.
const engine = await openEngine({ recover: "auto" });
try {
  const run = engine.start(wordReport, { files: ["README.md", "package.json", "tsconfig.json"] });
  for await (const event of run.events()) {
    if (event.type === "run-started") console.log(`${event.flow} started as ${event.run}`);
    if (event.type === "map-started") console.log(`${event.node}: ${event.total} items`);
    if (event.type === "step-settled")
      console.log(`${event.step.task} ${event.state} in ${event.durationMs.toFixed(1)} ms`);
    if (event.type === "run-ended") console.log(`${run.flow} ${event.state}, ${event.totals.total} steps\n`);
  }
  console.log(await run.result());
} finally {
  await engine.close();
}
