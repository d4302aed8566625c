/**
 * The README as a newcomer follows it: a project made by the packed scaffolder, every code block saved under the name in its
 * first line, every command run in order, a run killed in the middle and resumed, and the picture drawn again.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FinishedCommand } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEADLINE_MS, run, start } from "../packages/command.js";
import { packPackages } from "../packages/packed-packages.js";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const README = readFileSync(join(REPOSITORY, "README.md"), "utf8");
const PICTURE = "docs/images/find-duplicates.svg";

/** Code blocks by the file that their first line names. */
const FILES = new Map(
  [...README.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, path = "", code = ""]) => [path, code]),
);
/** Commands of the blocks below a heading, without their comments. */
function commandsBelow(heading: string): readonly string[] {
  const section = README.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
    block
      .split("\n")
      .map((line) => line.replace(/ +#.*$/, ""))
      .filter((line) => line !== ""),
  );
}

let root: string;
let project: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "readme-")));
  const packs = join(root, "packs");
  await packPackages(packs);
  const createFlow = join(REPOSITORY, "packages/create-flow/bin/create-flow.js");
  const made = await run(root, process.execPath, [createFlow, "my-app", "--from", packs, "--no-git"]);
  expect(made.code, made.stderr).toBe(0);
  project = join(root, "my-app");
}, DEADLINE_MS);

afterAll(() => rm(root, { recursive: true, force: true }));

async function save(path: string): Promise<void> {
  const file = join(project, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, FILES.get(path) ?? "");
}

/** Runs a command line as a shell would; it must succeed. */
async function succeed(line: string): Promise<FinishedCommand> {
  const finished = await run(project, "sh", ["-c", line]);
  expect(finished.code, `${line}\n${finished.stdout}${finished.stderr}`).toBe(0);
  return finished;
}

it("names a file in every code block, and shows commands in every section that has them", () => {
  expect([...README.matchAll(/```ts\n/g)]).toHaveLength(FILES.size);
  expect([...FILES.keys()]).toEqual(["src/duplicates.ts", "src/find.ts", "test/duplicates.test.ts", "src/shout.ts"]);
});

it("has two commands of this repository, and every npm script that it names", () => {
  expect(commandsBelow("Two commands")).toEqual(["npm run demo", "npm test"]);
  const scripts = Object.keys(JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")).scripts);
  for (const [, name = ""] of README.matchAll(/npm run ([\w-]+)/g)) expect(scripts).toContain(name);
});

describe.sequential("as a newcomer follows it", () => {
  it("from nothing to a resumed run", { timeout: DEADLINE_MS }, async () => {
    const [create, enter, begin, graph, help, long, resume, runs, report, ...rest] = commandsBelow(
      "Five minutes: from nothing to a resumed run",
    );
    expect([create, enter, rest]).toEqual(["npm create flow my-app", "cd my-app", []]);
    expect((await succeed(begin ?? "")).stdout).toContain("WordReport succeeded");

    await save("src/duplicates.ts");
    await succeed(graph ?? "");
    expect(existsSync(join(project, "graph.html"))).toBe(true);
    expect((await succeed(help ?? "")).stdout).toMatch(/--folder <text> +Folder to search, with all folders in it\./);

    const [, ...words] = (long ?? "").split(" ");
    const cut = start({
      cwd: project,
      command: process.execPath,
      args: ["node_modules/millrace/bin/flow.js", ...words.slice(1)],
    });
    await cut.line(/HashFile\[\d+\] done/, { nth: 5 });
    cut.kill("SIGKILL");
    expect((await cut.done).signal).toBe("SIGKILL");

    const newest = async (): Promise<{ readonly id: string; readonly state: string } | undefined> =>
      (await succeed(`${runs} --json`)).json<readonly { readonly id: string; readonly state: string }[]>()[0];
    const shown = await succeed(`npx flow show ${(await newest())?.id} --json`);
    const { steps } = shown.json<{ readonly steps: readonly { readonly state: string }[] }>();
    const recorded = steps.filter(({ state }) => state === "succeeded").length;
    expect(recorded).toBeGreaterThan(5);

    const resumed = await succeed(resume ?? "");
    expect(resumed.stdout).toMatch(/^\d{3,} files, \d+ contents more than once\n$/);
    // Everything that was recorded when the run was killed, and nothing else.
    expect(resumed.stderr).toContain(`: ${recorded} restored)`);
    expect(await newest()).toMatchObject({ state: "succeeded" });
    expect((await succeed(report ?? "")).stderr).toBe(`Wrote ${(await newest())?.id}.html: open it in a browser.\n`);
  });

  it("in its own process, and tested", { timeout: DEADLINE_MS }, async () => {
    await save("src/find.ts");
    await save("test/duplicates.test.ts");
    for (const line of commandsBelow("In your own process")) {
      expect((await succeed(line)).stdout).toMatch(
        /^ListFiles succeeded\n(?:.*\n)+\d+ files, 0 contents more than once\n$/,
      );
    }
    for (const line of commandsBelow("Tested")) expect((await succeed(line)).stdout).toMatch(/Tests +7 passed/);
  });

  it("without decorators, and all of it type-checks", { timeout: DEADLINE_MS }, async () => {
    await save("src/shout.ts");
    for (const line of commandsBelow("Without decorators")) {
      expect((await succeed(line)).stdout).toBe("READY! STEADY! GO!\n");
    }
    await succeed("npx tsc");
  });

  it("draws the picture that it shows", { timeout: DEADLINE_MS }, async () => {
    expect(README).toContain(`](${PICTURE})`);
    const { stdout } = await succeed("npx flow graph FindDuplicates --format svg");
    // `npm run readme-picture` draws it again.
    await expect(stdout).toMatchFileSnapshot(join(REPOSITORY, PICTURE));
  });
});
