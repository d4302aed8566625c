/** `flow dev`: what it prints and leaves behind while sources change. Every wait is for a line of its output. */
import { mkdirSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import type { BuildDocument, DevLine, Manifest } from "@millrace/core";
import type { RunningCommand, TestProject } from "@millrace/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { helloProject } from "./hello-project.js";

let project: TestProject;
beforeEach(async () => {
  project = await helloProject();
});
afterEach(() => project.remove());

type Outcome = Extract<DevLine, { event: "built" | "refused" }>;

/** Reads the lines of `flow dev --json` one after the other. */
class Dev {
  readonly command: RunningCommand;
  #read = 0;

  constructor(args: readonly string[] = []) {
    this.command = project.start(["dev", "--json", ...args]);
  }

  /** The next build: what it is of, and what came of it. */
  async next(): Promise<{ readonly changed: readonly string[]; readonly outcome: Outcome }> {
    const building = await this.#line();
    const outcome = await this.#line();
    if (building.event !== "building" || (outcome.event !== "built" && outcome.event !== "refused"))
      throw new Error(JSON.stringify([building, outcome]));
    return { changed: building.changed, outcome };
  }

  async built(): Promise<BuildDocument & { readonly changedFiles: readonly string[] }> {
    const { changed, outcome } = await this.next();
    if (outcome.event !== "built") throw new Error(JSON.stringify(outcome));
    return { ...outcome, changedFiles: changed };
  }

  /** Ends it, and gives what it printed after what was read. */
  async stop(): Promise<{ readonly code: number | null; readonly rest: readonly DevLine[]; readonly stderr: string }> {
    this.command.kill("SIGINT");
    const { code, stdout, stderr } = await this.command.done;
    const rest = stdout.trimEnd().split("\n").slice(this.#read);
    return { code, rest: rest.map((line) => JSON.parse(line) as DevLine), stderr };
  }

  async #line(): Promise<DevLine> {
    this.#read += 1;
    return JSON.parse(await this.command.line(/^\{/, { nth: this.#read })) as DevLine;
  }
}

const FLOWS = "src/flows.ts";

/** Everything that a build leaves, but what remembers times. */
function outputs(): Readonly<Record<string, string>> {
  const { build } = JSON.parse(project.read(".flow/manifest.json")) as Manifest;
  const names = readdirSync(project.path(".flow/build", build), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(project.root.length + 1));
  const all = [".flow/manifest.json", ".flow/types.d.ts", ".flow/cache/stamps.json", ...names.sort()];
  return Object.fromEntries(all.map((name) => [name, project.read(name)]));
}

/** What a build of the sources as they are leaves in a project that knows of no other. */
async function coldOutputs(): Promise<Readonly<Record<string, string>>> {
  const kept = outputs();
  rmSync(project.path(".flow"), { recursive: true });
  expect((await project.flow("build")).code).toBe(0);
  const cold = outputs();
  expect(Object.keys(cold)).toEqual(Object.keys(kept));
  return cold;
}

test("a change is built, and what lies there then is what a cold build writes", async () => {
  const dev = new Dev();
  const first = await dev.built();
  expect(first).toMatchObject({ ok: true, changed: true, changedFiles: [] });
  project.write("src/more.ts", 'export const more = "more";\n');
  project.write(FLOWS, `import { more } from "./more.js";\n${project.read(FLOWS)}\nexport const used = more;\n`);
  let second = await dev.built();
  // It may see one file before the other.
  while (second.build === first.build) second = await dev.built();
  expect(second.ok).toBe(true);
  expect(second.changedFiles).toEqual(expect.arrayContaining([FLOWS]));
  const warm = outputs();
  const { code, rest } = await dev.stop();
  expect(code).toBe(130);
  // Its own outputs made it build nothing.
  expect(rest).toEqual([{ event: "stopped", builds: expect.any(Number) }]);
  expect(await coldOutputs()).toEqual(warm);
});

test("a build that fails leaves the last good one byte for byte, and the next good one mends it", async () => {
  const dev = new Dev();
  await dev.built();
  const good = outputs();
  const text = project.read(FLOWS);
  project.write(FLOWS, `${text}\nconst broken = ;\n`);
  const failed = await dev.built();
  expect(failed).toMatchObject({ ok: false, written: [], changedFiles: [FLOWS] });
  expect(failed.diagnostics[0]).toMatchObject({ severity: "error", span: { file: FLOWS } });
  expect(outputs()).toEqual(good);
  project.write(FLOWS, text);
  expect(await dev.built()).toMatchObject({ ok: true, changed: false, written: [] });
  expect(outputs()).toEqual(good);
  const { stderr } = await dev.stop();
  expect(stderr).toMatch(/src\/flows\.ts:\d+:\d+ error syntax-error\n.*\n\n44 \|/);
  expect(stderr).toMatch(/failed in .*: 1 error/);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("a touch, a save without an edit, a file of another kind and another command's runs are no change", async () => {
  const dev = new Dev();
  await dev.built();
  utimesSync(project.path(FLOWS), new Date(), new Date());
  project.write(FLOWS, project.read(FLOWS));
  project.write("src/notes.md", "nothing\n");
  project.write(".cache/x.ts", "nothing\n");
  expect((await project.flow("run", "Hello", "--names", "a")).code).toBe(0);
  project.write(FLOWS, `${project.read(FLOWS)}\nexport const real = 1;\n`);
  expect(await dev.built()).toMatchObject({ ok: true, changedFiles: [FLOWS] });
  expect((await dev.stop()).rest).toEqual([{ event: "stopped", builds: 2 }]);
});

test("files that come, move and go, also in new folders, and changes of the configuration", async () => {
  const dev = new Dev();
  const { flows = [] } = await dev.built();
  const flow = (name: string): string =>
    `import { Flow, flow } from "millrace";\n@flow()\nexport class ${name} extends Flow<number> {\n  async run(): Promise<number> {\n    return 1;\n  }\n}\n`;
  mkdirSync(project.path("src/new/deep"), { recursive: true });
  project.write("src/new/deep/a.ts", flow("Fresh"));
  let now = await dev.built();
  // The folder may be seen before the file in it.
  while (!now.flows?.includes("Fresh")) now = await dev.built();
  renameSync(project.path("src/new"), project.path("src/renamed"));
  now = await dev.built();
  expect(now.flows).toEqual([...flows, "Fresh"].sort());
  project.write("src/renamed/deep/a.ts", flow("Fresher"));
  expect((await dev.built()).flows).toContain("Fresher");
  rmSync(project.path("src/renamed"), { recursive: true });
  now = await dev.built();
  while (now.flows?.includes("Fresher")) now = await dev.built();
  expect(now.flows).toEqual(flows);

  const config = project.read("tsconfig.json");
  rmSync(project.path("tsconfig.json"));
  expect((await dev.next()).outcome).toMatchObject({ event: "refused", error: { code: "project-not-found" } });
  project.write("tsconfig.json", config);
  expect(await dev.built()).toMatchObject({ ok: true, changed: false });
  const warm = outputs();
  expect((await dev.stop()).code).toBe(130);
  expect(await coldOutputs()).toEqual(warm);
});

test("people are told what changed, what was found, and how to end it", async () => {
  await using command = project.start(["dev"]);
  await command.line("Watching; Ctrl+C ends it.");
  project.write(FLOWS, `${project.read(FLOWS)}\nexport const more = 1;\n`);
  await command.line(`changed: ${FLOWS}`);
  await command.line(/built in .*: 3 flows, 3 tasks, build [0-9a-f]{8}/, { nth: 2 });
  command.kill("SIGTERM");
  expect(await command.done).toMatchObject({ code: 143, stdout: "" });
});

test("without a project it does not start", async () => {
  rmSync(project.path("tsconfig.json"));
  const { code, stderr } = await project.flow("dev");
  expect(code).toBe(2);
  expect(stderr).toMatch(/error\[project-not-found\]/);
});
