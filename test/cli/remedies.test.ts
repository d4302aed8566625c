/** What messages and documents advise must exist: every `flow …` that they name is a command with these options. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { type FlowCommands, flowCommands, strangers } from "./flow-commands.js";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

let commands: FlowCommands;
beforeAll(async () => {
  commands = await flowCommands();
});

async function filesBelow(folder: string, suffix: RegExp): Promise<readonly string[]> {
  const entries = await readdir(join(REPOSITORY, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && suffix.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](node_modules|dist|\.flow)[\\/]|\.test\.ts$/.test(file));
}

test("the commands are known", () => {
  expect([...commands.keys()]).toEqual(expect.arrayContaining(["build", "run", "resume", "runs", "show", "doctor"]));
  expect(strangers("Run `flow bild`, or `flow resume x --reopn`.", commands)).toEqual([
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
    expect(strangers(await readFile(file, "utf8"), commands), file).toEqual([]);
  }
});

test("the README names no command that does not exist", async () => {
  expect(strangers(await readFile(join(REPOSITORY, "README.md"), "utf8"), commands)).toEqual([]);
});
