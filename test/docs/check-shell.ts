/**
 * Shell blocks: each line is a command that there is, with options that it has. A block with a mark is run, too, line by line, in the
 * project of the examples; `<run>` is the newest run there:
 *
 *     <!-- example: runs -->
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Manifest } from "@millrace/core";
import { type FlowCommands, strangers, takesParameters } from "../cli/flow-commands.js";
import { type Block, REPOSITORY } from "./read-blocks.js";

/** What commands may name. */
export interface ShellSurroundings {
  readonly commands: FlowCommands;
  /** The build whose flows `flow run` names. */
  readonly manifest: Pick<Manifest, "flows">;
}

/** Programs that lines begin with, beside `flow` and `npm`, whose words are looked at. */
const PROGRAMS = new Set(["cd", "curl", "npx vitest"]);
const NPM = new Set(["ci", "create", "install", "start", "test", "run"]);

/** Commands of a block, without their comments. */
export function commandsOf({ text }: Block): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/(^| +)#.*$/, "").trim())
    .filter((line) => line !== "");
}

/** Words behind `flow` of a command, as a shell gives them. */
export function wordsOf(command: string): readonly string[] {
  const words = command.replace(/^(?:npx )?flow /, "").match(/'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replace(/^'(.*)'$/, "$1"));
}

/** What is wrong with the lines of a block, as sentences. */
export function checkShell(block: Block, surroundings: ShellSurroundings): readonly string[] {
  return commandsOf(block).flatMap((command) => checkLine(command, block, surroundings));
}

function checkLine(line: string, { page }: Block, { commands, manifest }: ShellSurroundings): readonly string[] {
  const bare = line.replace(/^npx (?=flow )/, "");
  const [program = "", first = "", ...words] = bare.split(" ");
  if (program === "flow") {
    const wrong = strangers(`npx ${bare}`, commands);
    const help = commands.get(first) ?? "";
    return takesParameters(help) ? [...wrong, ...checkFlags(words, help, manifest)] : wrong;
  }
  if (program === "npm") {
    if (!NPM.has(first)) return [`npm has no ${first}.`];
    const script = first === "run" ? words[0] : first === "start" || first === "test" ? first : undefined;
    return script === undefined || scriptsOf(page).has(script) ? [] : [`There is no script ${script}.`];
  }
  return PROGRAMS.has(program) || PROGRAMS.has(`${program} ${first}`) ? [] : [`Nobody knows ${program}.`];
}

/** Flags are those of the command, which its help names, and the parameters of the flow. */
function checkFlags(
  [name = "", ...words]: readonly string[],
  help: string,
  manifest: ShellSurroundings["manifest"],
): readonly string[] {
  const flags = words.filter((word) => word.startsWith("--")).filter((flag) => !help.includes(flag));
  if (/\.(json|yaml)$/.test(name)) return flags.map((flag) => `It has no ${flag}.`);
  const flow = manifest.flows[name];
  if (!flow) return [`There is no flow ${name}.`];
  const params = new Set(flow.params.flatMap(({ name }) => [`--${name}`, flagOf(name)]));
  return flags.filter((flag) => !params.has(flag)).map((flag) => `${name} has no ${flag}.`);
}

function flagOf(param: string): string {
  return `--${param.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Scripts of the packages at the page's folder and above it, and of the project that `npm create flow` makes. */
function scriptsOf(page: string): ReadonlySet<string> {
  const folders = ["templates/starter"];
  for (let folder = dirname(page); folder !== "."; folder = dirname(folder)) folders.push(folder);
  return new Set(
    [...folders, "."].flatMap((folder) => {
      const file = join(REPOSITORY, folder, "package.json");
      return existsSync(file) ? Object.keys(JSON.parse(readFileSync(file, "utf8")).scripts ?? {}) : [];
    }),
  );
}
