/** Runs one command line from its arguments to the exit of the process. */
import { CommanderError } from "commander";
import { exitWhenWritten, ignoreBrokenPipes } from "./output/streams.js";
import { createProgram } from "./program.js";

/** Parses, runs, reports and exits; never returns. Exit codes are those of core's EXIT. */
export async function main(args: readonly string[]): Promise<never> {
  ignoreBrokenPipes();
  let code = 0;
  try {
    await createProgram(args, (result) => {
      code = result;
    }).parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version are successes; commander has printed everything else already, and it is a matter of usage.
      code = error.exitCode === 0 ? 0 : 2;
      if (code === 2 && args.includes("--json")) await printUsageError(error);
    } else {
      const { reportError } = await import("./output/report-error.js");
      code = reportError(error, { json: args.includes("--json"), debug: args.includes("--debug") });
    }
  }
  return exitWhenWritten(code);
}

async function printUsageError(error: CommanderError): Promise<void> {
  const { printJson } = await import("./output/streams.js");
  const [message = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const hint =
    more.join(" ").replace(/^\(|\)$/g, "") || "`flow --help` lists the commands, `flow <command> --help` its options.";
  printJson({ error: { code: "usage", message, hint, data: {} } });
}
