/** The command `create-flow`: runs it, and turns what went wrong into one message and an exit code. */
import { main } from "./main.js";
import { UsageError } from "./usage-error.js";

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`error[${error.code}]: ${error.message}\n  hint: ${error.hint}\n`);
  process.exitCode = 2;
}
