/**
 * The code census, shown: `npm run demo`, or `npm run demo -- --crash` for a run that is killed and resumed.
 * Needs nothing but the built repository.
 */
import { runCensus } from "./demo/census-run.mjs";
import { crashAndResume } from "./demo/crash-run.mjs";
import { DemoFailure } from "./demo/flow-command.mjs";

const [option, ...rest] = process.argv.slice(2);
try {
  if (rest.length > 0 || (option !== undefined && option !== "--crash")) {
    throw new DemoFailure("The demo takes no arguments but --crash.");
  }
  await (option === "--crash" ? crashAndResume() : runCensus());
} catch (error) {
  console.error(error instanceof DemoFailure ? `demo: ${error.message}` : error);
  process.exitCode = 1;
}
