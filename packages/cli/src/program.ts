/** The structure of the command line: commands, options, one-line descriptions. What a command does is loaded when it runs. */

import { createRequire } from "node:module";
// The narrow door: `flow --help` must not load all of core.
import { suggestName } from "@millrace/core/names";
import { type Argument, Command, InvalidArgumentError, Option } from "commander";
import type { CommonOptions } from "./commands/common-options.js";
import { colorsFor } from "./output/streams.js";

/** Builds the program; `done` receives the exit code of the command that ran. */
export function createProgram(done: (code: number) => void): Command {
  const program = new Command("flow")
    .description("Build, run and look at Millrace flows.")
    .usage("<command> [options]")
    .exitOverride()
    .helpCommand(false)
    // A flow may have a parameter named like an option of the program: --version.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError(usageHint("flow --help", "lists the commands"))
    .version(ownVersion(), "-v, --version", "print the version")
    .configureHelp({ subcommandTerm: (sub) => [sub.name(), ...sub.registeredArguments.map(argumentText)].join(" ") })
    .addHelpText("after", EXAMPLES)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "error[usage]: ")) });

  command("build", "read the project and write its build: manifest, types, compiled code").action(
    async (options: CommonOptions) => done(await (await import("./commands/build.js")).build(options, "build")),
  );

  command("check", "report what is wrong with the project; write nothing")
    .option("--format <format>", REPORT_FORMATS.join(", "), oneOf(...REPORT_FORMATS), "text")
    .action(async (options: CommonOptions) =>
      done(await (await import("./commands/build.js")).build(options, "check")),
    );

  command("dev", "build now and after every change; Ctrl+C ends it", { json: false })
    .option("--json", "print one JSON document a line on stdout, as things happen")
    .action(async (options: CommonOptions) => done(await (await import("./commands/dev.js")).dev(options)));

  const run = command("run", "run a flow; its parameters are flags (`flow run <flow> --help` shows them)")
    .usage("<flow> [options] [--<parameter> <value>]...")
    .argument("[flow]", "name of the flow, or a file: a job (.yaml), a job graph or rule set (.json)")
    .allowExcessArguments()
    .option("--id <id>", "id of the new run")
    .option("--if-exists <what>", `what a run of that id means: ${IF_EXISTS.join(", ")}`, oneOf(...IF_EXISTS), "fail")
    .option("--break <selector>", "hold steps before they begin: task, flow, node or key; can be repeated", collect, [])
    .option("-r, --resume", "go on with the newest run of this flow or job that has not succeeded, if there is one")
    .option("--skip <node>", "of a job graph, all but this node; can be repeated", collect, [])
    .option("--run-from <node>", "of a job graph, this node and all that waits for it; can be repeated", collect, [])
    .option("--run-to <node>", "of a job graph, this node and all that it waits for; can be repeated", collect, [])
    .option("--token <json>", "of a job of rules, one more token to begin with; can be repeated", collect, [])
    .option("--params <file>", "read parameters from a JSON file; flags win")
    .option("--param <name=value>", "set a parameter whose flag is taken by an option of this command", collect, [])
    .option("--var <name=value>", "give a variable of a job file its value: $VAR{name}; can be repeated", collect, [])
    .option("--max-concurrency <n>", "steps that run at once", wholeNumber)
    .option("--threads <n>", "worker threads", wholeNumber)
    .option("--strict", "fail if the run does not conform to the graph of its flow")
    .allowUnknownOption()
    .helpOption(false)
    .option("-h, --help", "show the options, and the parameters of the flow");
  run.action(async (flow: string | undefined, options) =>
    done(await (await import("./commands/run.js")).run({ flow, parameters: run.args.slice(1), options, command: run })),
  );

  const project = program
    .command("project")
    .description("projects of commands: tasks on record, merged from files and run")
    .showSuggestionAfterError()
    .showHelpAfterError(usageHint("flow project --help", "lists its commands"))
    .helpCommand(false);

  held(command("run", "merge a file of tasks into the project, and run what there is to run", { of: project }))
    .argument("[file]", "tasks (.yaml, .json) or a template of them (.liquid); default: run what is on record")
    .option("--source <name>", "the source that owns the tasks (default: the file's name up to its first dot)")
    .option("-c, --set <[type:]name=value>", "a setting of the template; can be repeated", collect, [])
    .option("-C, --settings <file>", "settings of the template: YAML or JSON; --set wins")
    .addOption(new Option("--render", "print the rendered file, and stop").conflicts(["build", "merge"]))
    .addOption(new Option("--build", "print its tasks and what they wait for, and stop").conflicts("merge"))
    .option("--merge", "keep the merged project, and stop")
    .option("--retry", "try failed and skipped tasks again")
    .option("--max-concurrency <n>", "tasks that run at once", wholeNumber)
    .action(async (file: string | undefined, options) =>
      done(await (await import("./commands/project-run.js")).projectRun(file, options)),
    );

  held(command("tasks", "list the tasks of the project, or change them"))
    .argument(
      "[selector...]",
      "name, pattern or /expression/; state:, tag:, source:; + before or behind: with all around",
    )
    .option("--reset", "run them again, and all that waits for them")
    .option("--retry", "run those again that failed or were skipped")
    .option("--complete", "take them for complete")
    .option("--fail", "take them for failed")
    .option("--remove", "move them to the history")
    .action(async (selectors: readonly string[], options) =>
      done(await (await import("./commands/change-tasks.js")).tasks(selectors, options)),
    );

  held(command("prune", "let go of the tasks of the project that their source has no more"))
    .option("--source <name>", "only those of this source")
    .action(async (options) => done(await (await import("./commands/change-tasks.js")).prune(options)));

  command("serve", "keep the schedules of the project: start flows when their time comes; Ctrl+C ends it", {
    json: false,
  })
    .option("--max-concurrency <n>", "steps that run at once", wholeNumber)
    .option("--threads <n>", "worker threads", wholeNumber)
    .option("--json", "print one JSON document a line on stdout, as things happen")
    .action(async (options) => done(await (await import("./commands/serve.js")).serve(options)));

  command("resume", "go on with a run that was interrupted or failed")
    .argument("[run]", "id of the run (default: the newest that has not succeeded)")
    .option("--code <which>", "code to go on with: current or recorded", oneOf("current", "recorded"), "current")
    .option("--accept", "go on although the flow now takes another course than its record")
    .option("--reopen", "go on with a run that was cancelled")
    .option("--map <old=new>", "site whose records belong to another one now; can be repeated", collect, [])
    .option("--rerun <site>", "do not use the records of a site, nor what stands inside; can be repeated", collect, [])
    .option("--max-concurrency <n>", "steps that run at once", wholeNumber)
    .option("--threads <n>", "worker threads", wholeNumber)
    .option("--strict", "fail if the run does not conform to the graph of its flow")
    .action(async (id: string | undefined, options) =>
      done(await (await import("./commands/resume.js")).resume(id, options)),
    );

  command("plan", "say what a resume would restore and what it would run, without running a step")
    .argument("[run]", "id of a run, or a flow: its newest run that has not succeeded (default: the newest of all)")
    .option("--reopen", "plan for a run that was cancelled")
    .option("--map <old=new>", "site whose records belong to another one now; can be repeated", collect, [])
    .option("--rerun <site>", "do not use the records of a site, nor what stands inside; can be repeated", collect, [])
    .action(async (name: string | undefined, options) =>
      done(await (await import("./commands/plan.js")).plan(name, options)),
    );

  command("matrix", "show which rules of a run produced which, and what no rule matched")
    .argument("[run]", "id of a run of rules; default: the newest run")
    .option("--tree", "each token below the firing that gave it")
    .action(async (id: string | undefined, options) =>
      done(await (await import("./commands/matrix.js")).matrix(id, options)),
    );
  command("why", "say why each step of a run ran or was restored when the run last went on")
    .argument("[run]", "id of the run (default: the newest)")
    .argument("[step]", "only this step: node, task, or key")
    .action(async (id: string | undefined, step: string | undefined, options: CommonOptions) =>
      done(await (await import("./commands/why.js")).why(id, step, options)),
    );

  command("runs", "list the runs, newest first")
    .option("--flow <flow>", "only runs of this flow")
    .action(async (options) => done(await (await import("./commands/runs.js")).runs(options)));

  command("show", "show one run and its steps")
    .argument("[run]", "id of the run (default: the newest)")
    .action(async (id: string | undefined, options: CommonOptions) =>
      done(await (await import("./commands/show.js")).show(id, options)),
    );

  command("logs", "print the logs of a run, ordered by time")
    .argument("[run]", "id of the run (default: the newest)")
    .argument("[step]", "only this step: node, task, or key")
    .action(async (id: string | undefined, step: string | undefined, options: CommonOptions) =>
      done(await (await import("./commands/logs.js")).logs(id, step, options)),
    );

  command("graph", "print the graph of a flow, what a run has made of it, or that of a job", { json: false })
    .argument("<flow>", "name of the flow, id of a run, or a file with a job (.yaml) or job graph (.json)")
    .option("--format <format>", FORMATS.join(", "), oneOf(...FORMATS), "mermaid")
    .option("--successors", "what may follow each step, as text or (--json) JSON")
    .option("-o, --output <file>", "write to a file instead of stdout")
    .option("--json", "same as --format json")
    .action(async (flow: string, options) => done(await (await import("./commands/graph.js")).graph(flow, options)));

  const exported = command(
    "export",
    "write a flow as a job file, or as a job graph (--json), where its calls are known before it runs",
  )
    .usage("<flow> [options] [--<parameter> <value>]...")
    .argument("<flow>", "name of the flow; its parameters become part of the job")
    .allowExcessArguments()
    .option("--params <file>", "read parameters from a JSON file; flags win")
    .option("--param <name=value>", "set a parameter whose flag is taken by an option of this command", collect, [])
    .option("--name <name>", "name of the job (default: <flow>-job)")
    .option("-o, --output <file>", "write to a file instead of stdout")
    .allowUnknownOption();
  exported.action(async (flow: string, options) =>
    done(
      await (await import("./commands/export.js")).exportFlow({
        flow,
        parameters: exported.args.slice(1),
        options,
        command: exported,
      }),
    ),
  );

  command("diff", "compare the sources with another build or commit: what changed, and what it invalidates")
    .argument("[ref]", "a commit, or the start of a build's hash (default: the current build)")
    .option("--markdown", "print Markdown, for a pull request")
    .option("--exit-code", "exit with 1 if anything differs")
    .action(async (ref: string | undefined, options) =>
      done(await (await import("./commands/diff.js")).diff(ref, options)),
    );

  command("affected", "list the tasks, flows and tests that a change touches")
    .option("--since <ref>", "a commit, or the start of a build's hash", "HEAD")
    .option("--tests", "print only the paths of tests, for a test runner")
    .action(async (options) => done(await (await import("./commands/affected.js")).affected(options)));

  command("send", "send a message to a run that waits for it, or will")
    .argument("<run>", "id of the run")
    .argument("<name>", "name of the message, as in waitFor")
    .option("--data <json>", "what it carries (default: nothing)")
    .action(async (id: string, name: string, options) =>
      done(await (await import("./commands/send.js")).send(id, name, options)),
    );

  command("break", "hold steps of a run before they begin; without a selector, list what is set and held")
    .argument("<run>", "id of the run")
    .argument("[selector]", "a task, flow, node or key; * for any text; /a regular expression/")
    .option("--drop", "take the breakpoint away; without a selector, all of them")
    .action(async (id: string, selector: string | undefined, options) =>
      done(await (await import("./commands/break.js")).breakRun(id, selector, options)),
    );

  command("continue", "let the steps go on that breakpoints hold")
    .argument("[run]", "id of the run (default: the newest)")
    .option("--step", "only the longest held; what begins then is held")
    .action(async (id: string | undefined, options) =>
      done(await (await import("./commands/continue.js")).continueRun(id, options)),
    );

  command("cancel", "cancel a run, wherever it runs, and wait for its end")
    .argument("<run>", "id of the run")
    .option("--reason <text>", "kept in the run's record")
    .action(async (id: string, options) => done(await (await import("./commands/cancel.js")).cancel(id, options)));

  command("rm", "delete runs, with their steps, values and logs")
    .argument("<run...>", "ids of runs")
    .action(async (ids: readonly string[], options: CommonOptions) =>
      done(await (await import("./commands/rm.js")).rm(ids, options)),
    );

  command("gc", "delete builds and stored values that no run and no engine needs, and old runs if asked")
    .option("--older-than <age>", "also runs that succeeded or were cancelled, with nothing newer than this: 30d, 12h")
    .option("--dry-run", "only say what would be deleted")
    .action(async (options) => done(await (await import("./commands/gc.js")).gc(options)));

  command("doctor", "check the installation and the project; say what to do about what is not well").action(
    async (options: CommonOptions) => done(await (await import("./commands/doctor.js")).doctor(options)),
  );

  return program;

  /** A command that one process at a time can give. */
  function held(made: Command): Command {
    return made.option("--wait <duration>", "how long to wait for a process that holds the project", "60s");
  }

  function command(name: string, description: string, { json = true, of = program } = {}): Command {
    const made = of
      .command(name)
      .description(description)
      .showSuggestionAfterError()
      .showHelpAfterError(
        usageHint(`${of === program ? "flow" : `flow ${of.name()}`} ${name} --help`, "shows its arguments and options"),
      )
      .option("--cwd <dir>", "folder of the project (default: the current folder)")
      .option("--debug", "show the stack of every error");
    return json ? made.option("--json", "print one JSON document on stdout") : made;
  }
}

function ownVersion(): string {
  const { version } = createRequire(import.meta.url)("@millrace/cli/package.json") as { version: string };
  return version;
}

const FORMATS = ["mermaid", "dot", "svg", "html", "json"];

const IF_EXISTS = ["fail", "attach", "resume"];

const REPORT_FORMATS = ["text", "json", "sarif", "github"];

const EXAMPLES = `
Examples:
  flow check
  flow run CityReport --cities Oslo --cities Bergen --days 3
  flow resume
  flow show
  flow graph CityReport --format html -o graph.html

\`flow <command> --help\` shows the options of a command.`;

/** Printed by commander below each of its messages, in the form of every other error's hint. */
function usageHint(command: string, gives: string): string {
  return `  ${colorsFor(process.stderr).cyan("hint:")} \`${command}\` ${gives}.`;
}

function argumentText(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function wholeNumber(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return n;
}

function oneOf(...choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(suggestName(text, choices, `It must be ${choices.join(" or ")}.`));
  };
}
