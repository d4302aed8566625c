/** What begins runs, and reaches those that go. */

import { DISPLAY_STYLES } from "../output/display-style.js";
import type { CommandSpecs } from "./command-spec.js";
import { collect, oneOf, portNumber, wholeNumber } from "./option-values.js";

const DISPLAY_HELP = `what is shown of the run while it goes: ${DISPLAY_STYLES.join(", ")}; otherwise as fits stderr and the loggers`;
const IF_EXISTS = ["fail", "attach", "resume"];

/** `flow run` and its kin. */
export const RUN_COMMANDS: CommandSpecs = {
  run: {
    description: "run a flow; its parameters are flags (`flow run <flow> --help` shows them)",
    define: (run, done) =>
      run
        .usage("<flow> [options] [--<parameter> <value>]...")
        .argument("[flow]", "name of the flow, or a file: a job (.yaml), a job graph or rule set (.json)")
        .allowExcessArguments()
        .option("--id <id>", "id of the new run")
        .option(
          "--if-exists <what>",
          `what a run of that id means: ${IF_EXISTS.join(", ")}`,
          oneOf(...IF_EXISTS),
          "fail",
        )
        .option(
          "--break <selector>",
          "hold steps before they begin: task, flow, node or key; can be repeated",
          collect,
          [],
        )
        .option("-r, --resume", "go on with the newest run of this flow or job that has not succeeded, if there is one")
        .option("--skip <node>", "of a job graph, all but this node; can be repeated", collect, [])
        .option(
          "--run-from <node>",
          "of a job graph, this node and all that waits for it; can be repeated",
          collect,
          [],
        )
        .option("--run-to <node>", "of a job graph, this node and all that it waits for; can be repeated", collect, [])
        .option("--token <json>", "of a job of rules, one more token to begin with; can be repeated", collect, [])
        .option("--params <file>", "read parameters from a JSON file; flags win")
        .option("--param <name=value>", "set a parameter whose flag is taken by an option of this command", collect, [])
        .option(
          "--var <name=value>",
          "give a variable of a job file its value: $VAR{name}; can be repeated",
          collect,
          [],
        )
        .option("--max-concurrency <n>", "steps that run at once", wholeNumber)
        .option("--threads <n>", "worker threads", wholeNumber)
        .option("--strict", "fail if the run does not conform to the graph of its flow")
        .option("--display <style>", DISPLAY_HELP, oneOf(...DISPLAY_STYLES))
        .allowUnknownOption()
        .helpOption(false)
        .option("-h, --help", "show the options, and the parameters of the flow")
        .action(async (flow: string | undefined, options) =>
          done(
            await (await import("../commands/run.js")).run({
              flow,
              parameters: run.args.slice(1),
              options,
              command: run,
            }),
          ),
        ),
  },
  serve: {
    description:
      "keep the project going: start flows when their time comes, go on with runs that wait or were cut off; Ctrl+C ends it",
    json: false,
    define: (made, done) =>
      made
        .option("--max-concurrency <n>", "steps that run at once", wholeNumber)
        .option("--threads <n>", "worker threads", wholeNumber)
        .option("--http <port>", "answer requests at this port of the own machine, 0 for any that is free", portNumber)
        .option("--json", "print one JSON document a line on stdout, as things happen")
        .action(async (options) => done(await (await import("../commands/serve.js")).serve(options))),
  },
  resume: {
    description: "go on with a run that was interrupted or failed",
    define: (made, done) =>
      made
        .argument("[run]", "id of the run (default: the newest that has not succeeded)")
        .option("--code <which>", "code to go on with: current or recorded", oneOf("current", "recorded"), "current")
        .option("--accept", "go on although the flow now takes another course than its record")
        .option("--reopen", "go on with a run that was cancelled")
        .option("--map <old=new>", "site whose records belong to another one now; can be repeated", collect, [])
        .option(
          "--rerun <site>",
          "do not use the records of a site, nor what stands inside; can be repeated",
          collect,
          [],
        )
        .option("--max-concurrency <n>", "steps that run at once", wholeNumber)
        .option("--threads <n>", "worker threads", wholeNumber)
        .option("--strict", "fail if the run does not conform to the graph of its flow")
        .option("--display <style>", DISPLAY_HELP, oneOf(...DISPLAY_STYLES))
        .action(async (id: string | undefined, options) =>
          done(await (await import("../commands/resume.js")).resume(id, options)),
        ),
  },
  send: {
    description: "send a message to a run that waits for it, or will",
    define: (made, done) =>
      made
        .argument("<run>", "id of the run")
        .argument("<name>", "name of the message, as in waitFor")
        .option("--data <json>", "what it carries (default: nothing)")
        .action(async (id: string, name: string, options) =>
          done(await (await import("../commands/send.js")).send(id, name, options)),
        ),
  },
  break: {
    description: "hold steps of a run before they begin; without a selector, list what is set and held",
    define: (made, done) =>
      made
        .argument("<run>", "id of the run")
        .argument("[selector]", "a task, flow, node or key; * for any text; /a regular expression/")
        .option("--drop", "take the breakpoint away; without a selector, all of them")
        .action(async (id: string, selector: string | undefined, options) =>
          done(await (await import("../commands/break.js")).breakRun(id, selector, options)),
        ),
  },
  continue: {
    description: "let the steps go on that breakpoints hold",
    define: (made, done) =>
      made
        .argument("[run]", "id of the run (default: the newest)")
        .option("--step", "only the longest held; what begins then is held")
        .action(async (id: string | undefined, options) =>
          done(await (await import("../commands/continue.js")).continueRun(id, options)),
        ),
  },
  cancel: {
    description: "cancel a run, wherever it runs, and wait for its end",
    define: (made, done) =>
      made
        .argument("<run>", "id of the run")
        .option("--reason <text>", "kept in the run's record")
        .action(async (id: string, options) => done(await (await import("../commands/cancel.js")).cancel(id, options))),
  },
};
