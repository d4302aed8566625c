/** The structure of the command line. What a command does is loaded when it runs, and only the one that is named is put together. */
import { createRequire } from "node:module";
import { type Argument, Command } from "commander";
import { colorsFor } from "./output/streams.js";
import { BUILD_COMMANDS } from "./program/build-commands.js";
import type { CommandSpec, CommandSpecs, Done } from "./program/command-spec.js";
import { PROJECT_COMMANDS } from "./program/project-commands.js";
import { RECORD_COMMANDS } from "./program/record-commands.js";
import { RUN_COMMANDS } from "./program/run-commands.js";
import { SPEC_COMMANDS } from "./program/spec-commands.js";

const COMMANDS: CommandSpecs = {
  ...BUILD_COMMANDS,
  ...RUN_COMMANDS,
  ...RECORD_COMMANDS,
  ...PROJECT_COMMANDS,
  ...SPEC_COMMANDS,
};

/** Builds the program for some arguments; `done` receives the exit code of the command that ran. */
export function createProgram([named = ""]: readonly string[], done: Done): Command {
  const program = new Command("flow")
    .description("Build, run and look at Millrace flows.")
    .usage("<command> [options]")
    .exitOverride()
    .helpCommand(false)
    // A flow may have a parameter named like an option of the program: --version.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError(usageHint("flow --help", "lists the commands"))
    .configureHelp({ subcommandTerm: (sub) => [sub.name(), ...sub.registeredArguments.map(argumentText)].join(" ") })
    .addHelpText("after", EXAMPLES)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "error[usage]: ")) });
  // Help and mistakes need all of them.
  const known = Object.hasOwn(COMMANDS, named) ? COMMANDS[named] : undefined;
  // A file is read for it.
  if (!known) program.version(ownVersion(), "-v, --version", "print the version");
  addCommands(program, known ? { [named]: known } : COMMANDS, done);
  return program;
}

function addCommands(above: Command, specs: CommandSpecs, done: Done): void {
  for (const [name, spec] of Object.entries(specs)) {
    const made = above.command(name).description(spec.description).showSuggestionAfterError();
    const full = above.parent ? `flow ${above.name()} ${name}` : `flow ${name}`;
    if (spec.commands) {
      made.showHelpAfterError(usageHint(`${full} --help`, "lists its commands")).helpCommand(false);
      addCommands(made, spec.commands, done);
    } else {
      made.showHelpAfterError(usageHint(`${full} --help`, "shows its arguments and options"));
      addOptions(made, spec);
      spec.define?.(made, done);
    }
  }
}

/** Those that commands have in common. */
function addOptions(made: Command, { json = true, held = false }: CommandSpec): void {
  made
    .option("--cwd <dir>", "folder of the project (default: the current folder)")
    .option("--debug", "show the stack of every error");
  if (json) made.option("--json", "print one JSON document on stdout");
  if (held) made.option("--wait <duration>", "how long to wait for a process that holds the project", "60s");
}

function ownVersion(): string {
  const { version } = createRequire(import.meta.url)("@millrace/cli/package.json") as { version: string };
  return version;
}

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
