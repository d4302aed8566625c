/** What the command line has: its commands with the texts of their help, against which advice is held. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startCommand } from "@millrace/testing";

const FLOW = join(fileURLToPath(new URL("../..", import.meta.url)), "packages/cli/bin/flow.js");

/** Command, `build` or `project run`, → text of its help. */
export type FlowCommands = ReadonlyMap<string, string>;

/** Asks the command for all that it has. */
export async function flowCommands(): Promise<FlowCommands> {
  const commands = new Map<string, string>();
  const help = async (...args: string[]): Promise<string> =>
    (await startCommand({ command: process.execPath, args: [FLOW, ...args] }).done).stdout;
  const below = (text: string): readonly string[] => {
    const names = [...text.matchAll(/^ {2}([a-z]+) .*\S$/gm)].map(([, name = ""]) => name);
    return names.filter((one) => one !== "flow");
  };
  for (const name of below(await help("--help"))) {
    const text = await help(name, "--help");
    commands.set(name, text);
    if (text.includes("\nCommands:\n"))
      for (const inner of below(text)) commands.set(`${name} ${inner}`, await help(name, inner, "--help"));
  }
  return commands;
}

/** Whether a command takes the parameters of a flow as flags. */
export function takesParameters(help: string): boolean {
  return help.includes("--<parameter>");
}

/** `flow name rest`, in code marks or after `npx`, or as the whole of a text. */
const ADVICE = /(?:`|npx |with: |error: )flow ([a-z]+)([^`\n"]*)/g;

/** Commands and options that a text advises and that do not exist. */
export function strangers(text: string, commands: FlowCommands): readonly string[] {
  return [...text.matchAll(ADVICE)].flatMap(([advice, name = "", rest = ""]) => {
    const [inner = ""] = /^ [a-z]+/.exec(rest) ?? [];
    const help = commands.get(name + inner) ?? commands.get(name);
    if (help === undefined) return [advice];
    // After a comment nothing is advised.
    if (takesParameters(help)) return [];
    const options = rest.replace(/#.*/, "").match(/--[a-z][a-z-]*/g) ?? [];
    return options.filter((option) => !help.includes(option)).map((option) => `${advice} (${option})`);
  });
}
