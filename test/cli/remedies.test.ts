/** What messages and documents advise must exist: every `flow …` that they name is a command with these options. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startCommand } from "@millrace/testing";
import { beforeAll, expect, test } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const FLOW = join(REPOSITORY, "packages/cli/bin/flow.js");

/** Command → text of its help. */
const commands = new Map<string, string>();
beforeAll(async () => {
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
});

/** `flow name rest`, in code marks or after `npx`, or as the whole of a text. */
const ADVICE = /(?:`|npx |with: |error: )flow ([a-z]+)([^`\n"]*)/g;

/** Commands and options that a text advises and that do not exist. */
function strangers(text: string): readonly string[] {
  return [...text.matchAll(ADVICE)].flatMap(([advice, name = "", rest = ""]) => {
    const [inner = ""] = /^ [a-z]+/.exec(rest) ?? [];
    const help = commands.get(name + inner) ?? commands.get(name);
    if (help === undefined) return [advice];
    // Flags of a flow are its own; after a comment nothing is advised.
    if (name === "run") return [];
    const options = rest.replace(/#.*/, "").match(/--[a-z][a-z-]*/g) ?? [];
    return options.filter((option) => !help.includes(option)).map((option) => `${advice} (${option})`);
  });
}

async function filesBelow(folder: string, suffix: RegExp): Promise<readonly string[]> {
  const entries = await readdir(join(REPOSITORY, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && suffix.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](node_modules|dist|\.flow)[\\/]|\.test\.ts$/.test(file));
}

test("the commands are known", () => {
  expect([...commands.keys()]).toEqual(expect.arrayContaining(["build", "run", "resume", "runs", "show", "doctor"]));
  expect(strangers("Run `flow bild`, or `flow resume x --reopn`.")).toEqual([
    "`flow bild",
    "`flow resume x --reopn (--reopn)",
  ]);
});

test.each([
  ["packages", /\.ts$/],
  ["templates", /\.(md|ts|json)$/],
  ["examples", /\.(md|ts|mjs|json)$/],
  ["docs", /^(?!\d{4}-|roadmap).*\.md$/],
])("no file of %s names a command that does not exist", async (folder, suffix) => {
  for (const file of await filesBelow(folder, suffix)) {
    expect(strangers(await readFile(file, "utf8")), file).toEqual([]);
  }
});

test("the README names no command that does not exist", async () => {
  expect(strangers(await readFile(join(REPOSITORY, "README.md"), "utf8"))).toEqual([]);
});
