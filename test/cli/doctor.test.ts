/** `flow doctor`: a sound project is well, each damage is found by its check with a remedy, and looking changes nothing. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type BuildHash,
  bytesInMemory,
  type DoctorCheck,
  type DoctorDocument,
  type Fact,
  type Lease,
  type RunId,
} from "@millrace/core";
import { openSqliteStore, ownerInfo, type SqliteStore } from "@millrace/runtime";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { helloProject, WITHOUT_COMPILER, withoutPackage } from "./hello-project.js";

/** Not the project's own command, which some damages take away. */
const FLOW = fileURLToPath(new URL("../../packages/cli/bin/flow.js", import.meta.url));

/** Checks whose findings depend on the machine that the test runs on. */
const OF_THE_MACHINE = ["space", "disk"];

let sound: TestProject;
beforeAll(async () => {
  sound = await helloProject();
  await change(sound, "package.json", (text) => text.replace("{", '{ "scripts": { "start": "node out/main.js" },'));
  execFileSync("git", ["init", "-q", sound.root]);
  expect((await sound.flow("build")).code).toBe(0);
  expect((await sound.flow("run", "Hello", "--names", "a", "--id", "done")).code).toBe(0);
});
afterAll(() => sound.remove());

async function change(project: TestProject, path: string, edit: (text: string) => string): Promise<void> {
  const file = join(project.root, path);
  const before = await readFile(file, "utf8");
  const after = edit(before);
  expect(after, `the damage to ${path}`).not.toBe(before);
  await writeFile(file, after);
}

interface Examination extends DoctorDocument {
  readonly code: number | null;
  find(name: string): DoctorCheck | undefined;
}

async function examine(project: TestProject, env: Readonly<Record<string, string>> = {}): Promise<Examination> {
  const { code, stdout, stderr } = await project.node([FLOW, "doctor", "--json"], { env }).done;
  expect(stderr).toBe("");
  const document = JSON.parse(stdout) as DoctorDocument;
  expect(code).toBe(document.ok ? 0 : 2);
  for (const check of document.checks) expect(check.state === "ok").toBe(check.remedy === undefined);
  return { ...document, code, find: (name) => document.checks.find((check) => check.name === name) };
}

/** A copy of the sound project that goes with the test. */
async function copyOf(project: TestProject): Promise<TestProject> {
  const copy = await project.copy();
  onTestFinished(() => copy.remove());
  return copy;
}

/** Every file below a folder with the hash of its bytes; the -shm of SQLite is shared memory of whoever looks. */
async function bytesBelow(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith("-shm"));
  const hashed = files.map(async (entry) => {
    const file = join(entry.parentPath, entry.name);
    return [
      file,
      createHash("sha256")
        .update(await readFile(file))
        .digest("hex"),
    ];
  });
  return Object.fromEntries(await Promise.all(hashed)) as Record<string, string>;
}

/** Overwrites bytes in the middle of a file. */
async function scribble(project: TestProject, path: string): Promise<void> {
  const file = join(project.root, path);
  const content = await readFile(file);
  content.fill("damage ", 4_096, 8_192);
  await writeFile(file, content);
}

async function openStore(project: TestProject, now = Date.now): Promise<SqliteStore> {
  const clock = { now, after: () => () => {} };
  const store = await openSqliteStore({ dir: join(project.root, ".flow"), clock });
  onTestFinished(() => store.close());
  return store;
}

/** Begins a run under a lease and leaves it. */
async function begin(store: SqliteStore, id: string, more: { at?: number; params?: Uint8Array } = {}): Promise<Lease> {
  const { at = Date.now(), params = new Uint8Array([1]) } = more;
  // Safe, both casts: to the store these are opaque texts.
  const lease = await store.acquire(id as RunId, ownerInfo(`engine of ${id}`));
  const started: Fact = {
    kind: "run-started",
    seq: 1,
    at,
    flow: "Hello",
    build: "b" as BuildHash,
    seed: "s",
    params: bytesInMemory(params),
  };
  await store.append([{ ...lease, facts: [started] }]);
  return lease;
}

describe("a sound project", () => {
  test("is well in every respect, and looking changes no byte of it", async () => {
    const before = await bytesBelow(sound.root);
    const { checks, root, find } = await examine(sound);
    expect(checks.filter(({ state, name }) => state !== "ok" && !OF_THE_MACHINE.includes(name))).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(
      // biome-ignore format: one line says it best
      ["node", "packages", "project", "tsconfig", "types", "decorators", "vitest", "scripts", "manifest", "build", "sources", "git", "sqlite", "store", "runs", "content", "clock", "space", "disk"],
    );
    expect(root).toBe(sound.root);
    expect(find("store")?.finding).toMatch(/^\.flow\/state\.db is whole: 1 run, /);
    expect(find("disk")?.finding).toMatch(/fsync takes \d+\.\d ms \(median of 7\)/);
    expect(await bytesBelow(sound.root)).toEqual(before);
  });

  test("has a line for each check and a count, and no colours in a pipe", async () => {
    const { stdout, stderr, code } = await sound.flow("doctor");
    expect(stdout).toMatch(/^ok {7}node {8}v\d+\.\d+\.\d+ \(20\.19\.0 or newer is needed\)$/m);
    expect(stdout).toMatch(/\n\n19 checks: (all is well|\d warnings?)\n$/);
    expect(stdout).not.toContain("\u001b");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("needs neither compiler nor sources to run, as in a production install", async () => {
    const copy = await copyOf(sound);
    await rm(join(copy.root, "src"), { recursive: true });
    await rm(join(copy.root, "tsconfig.json"));
    const { checks, find } = await examine(copy, WITHOUT_COMPILER);
    expect(checks.filter(({ state, name }) => state !== "ok" && !OF_THE_MACHINE.includes(name))).toEqual([]);
    expect(find("packages")?.finding).toContain("without a compiler");
  });

  test("may be one of CommonJS modules", async () => {
    const copy = await copyOf(sound);
    await change(copy, "package.json", (text) => text.replace('"type": "module"', '"type": "commonjs"'));
    expect((await copy.flow("build")).code).toBe(0);
    const { checks, find } = await examine(copy);
    expect(checks.filter(({ state, name }) => state !== "ok" && !OF_THE_MACHINE.includes(name))).toEqual([]);
    expect(find("project")?.finding).toContain("CommonJS");
  });
});

describe("a project of functions", () => {
  const FUNCTIONS = `import { defineFlow, defineTask } from "millrace";

export const greet = defineTask({ id: "Greet", run: ({ name }: { name: string }): string => name });

export const hello = defineFlow({
  id: "Hello",
  run: async ({ names }: { names: string[] }, flow) => flow.map(names, (name) => flow.call(greet, { name })),
});
`;
  const TEST =
    'import { greet } from "./all.js";\nimport type { Old } from "../old.js";\nexport { greet, type Old };\n';

  /** Options, scripts and tests of which each would hurt decorators. */
  async function functionsProject(): Promise<TestProject> {
    const copy = await copyOf(sound);
    await rm(join(copy.root, "src"), { recursive: true });
    copy.write("src/all.ts", FUNCTIONS);
    copy.write("src/a.test.ts", TEST);
    await compilerOptions({ target: "esnext", noEmit: false })(copy);
    await change(copy, "package.json", (text) => text.replace("node out/main.js", "node src/main.ts"));
    expect((await copy.flow("build")).code).toBe(0);
    return copy;
  }

  test("is not told what decorators would need, also with its stamps damaged or gone", async () => {
    const copy = await functionsProject();
    const wrong = async (): Promise<readonly DoctorCheck[]> =>
      (await examine(copy)).checks.filter(({ state, name }) => state !== "ok" && !OF_THE_MACHINE.includes(name));
    expect(await wrong()).toEqual([]);
    await writeFile(join(copy.root, ".flow/cache/stamps.json"), '{"stampsModule":');
    expect(await wrong()).toEqual([]);
    await rm(join(copy.root, ".flow/cache/stamps.json"));
    expect(await wrong()).toEqual([]);
  });

  test("is told as soon as one of its modules has a decorator, also one that a test meets on the way", async () => {
    const copy = await functionsProject();
    copy.write(
      "src/city.ts",
      'import { value } from "millrace";\n\n@value({ id: "City" })\nexport class City {\n  name = "";\n}\n',
    );
    await change(
      copy,
      "src/all.ts",
      (text) =>
        `import { City } from "./city.js";\n${text.replace("string => name", "string => name + new City().name")}`,
    );
    expect((await copy.flow("build")).code).toBe(0);
    const { find } = await examine(copy);
    expect(find("decorators")).toMatchObject({ state: "warning", finding: expect.stringContaining("esnext") });
    expect(find("scripts")).toMatchObject({ state: "warning" });
    expect(find("vitest")?.finding).toMatch(/^src.a\.test\.ts imports standard decorators/);
  });

  test("has types of another build if a flow is not registered", async () => {
    const copy = await functionsProject();
    await change(copy, ".flow/types.d.ts", (text) => text.replace('"Hello"', '"Hallo"'));
    const { find } = await examine(copy);
    expect(find("types")).toMatchObject({ state: "warning", data: { id: "Hello" } });
  });
});

test("types of flows that are functions are those of the build", async () => {
  const copy = await copyOf(sound);
  await writeFile(
    join(copy.root, "src/plain.ts"),
    'import { defineFlow } from "millrace";\nexport const plain = defineFlow({ id: "Plain", run: async ({ n }: { n: number }) => n });\n',
  );
  expect((await copy.flow("build")).code).toBe(0);
  expect((await examine(copy)).find("types")).toMatchObject({ state: "ok" });
});

type Damage = (project: TestProject) => Promise<unknown>;

const edit =
  (path: string, change_: (text: string) => string): Damage =>
  (project) =>
    change(project, path, change_);

/** Packages as a project's own node_modules, instead of the repository's. */
const install =
  (packages: Readonly<Record<string, object>>): Damage =>
  async ({ root }) => {
    await rm(join(root, "node_modules"), { recursive: true });
    for (const [name, json] of Object.entries(packages)) {
      await mkdir(join(root, "node_modules", name), { recursive: true });
      await writeFile(join(root, "node_modules", name, "package.json"), JSON.stringify({ name, ...json }));
    }
  };

const compilerOptions = (options: object): Damage =>
  edit("tsconfig.json", (text) => {
    const config = JSON.parse(text) as { compilerOptions: object };
    return JSON.stringify({ ...config, compilerOptions: { ...config.compilerOptions, ...options } });
  });

const DAMAGES: readonly (readonly [string, Damage, Partial<Record<keyof DoctorCheck, unknown>>])[] = [
  [
    "packages of two versions",
    install({ millrace: { version: "9.0.0" } }),
    {
      name: "packages",
      state: "problem",
      finding: /this command is .*millrace 9\.0\.0/,
      remedy: /npm install millrace@\d/,
    },
  ],
  [
    "a package that is not installed",
    edit("package.json", (text) => text.replace("{", '{ "dependencies": { "@millrace/none": "*" },')),
    { name: "packages", state: "problem", finding: /@millrace\/none is not installed/, remedy: /npm install/ },
  ],
  [
    "a second copy of the SDK",
    install({ "@millrace/sdk": { version: "0.1.0" } }),
    { name: "packages", state: "warning", finding: /installed 2 times/, remedy: /npm dedupe/ },
  ],
  [
    "a package.json cut short",
    edit("package.json", () => '{ "name":'),
    { name: "project", state: "problem", finding: /package\.json is no valid JSON/, remedy: /Correct/ },
  ],
  [
    "a misspelt setting",
    edit("package.json", (text) => text.replace("{", '{ "millrace": { "stateDri": ".out" },')),
    {
      name: "project",
      state: "problem",
      finding: /no setting "millrace\.stateDri"/,
      remedy: /Did you mean "stateDir"/,
    },
  ],
  [
    "a tsconfig cut short",
    edit("tsconfig.json", (text) => text.slice(0, 100)),
    { name: "tsconfig", state: "problem", finding: /tsconfig\.json cannot be read/, remedy: /--showConfig/ },
  ],
  [
    "a tsconfig that extends nothing",
    edit("tsconfig.json", (text) => text.replace("{", '{ "extends": "./none.json",')),
    { name: "tsconfig", state: "problem", finding: /none\.json/, remedy: /Correct it/ },
  ],
  [
    "no tsconfig",
    ({ root }) => rm(join(root, "tsconfig.json")),
    { name: "tsconfig", state: "problem", finding: /There is no tsconfig\.json/, remedy: /tsc --init/ },
  ],
  [
    "a module resolution that knows no exports",
    compilerOptions({ module: "commonjs", moduleResolution: "node10" }),
    { name: "tsconfig", state: "problem", finding: /"node10"/, remedy: /nodenext/ },
  ],
  [
    "types without null",
    compilerOptions({ strict: false }),
    { name: "tsconfig", state: "warning", finding: /not strict/, remedy: /"strict": true/ },
  ],
  [
    "types that no glob includes",
    edit("tsconfig.json", (text) => text.replace(', ".flow/types.d.ts"', "")),
    { name: "types", state: "warning", remedy: /"include": \["src", "\.flow\/types\.d\.ts"\]/ },
  ],
  [
    "types that no list of files names",
    edit("tsconfig.json", (text) =>
      text.replace('"include": ["src", ".flow/types.d.ts"]', '"files": ["src/flows.ts"]'),
    ),
    { name: "types", state: "warning", remedy: /"files": \["\.\/src\/flows\.ts", "\.flow\/types\.d\.ts"\]/ },
  ],
  [
    "types that are gone",
    ({ root }) => rm(join(root, ".flow/types.d.ts")),
    { name: "types", state: "warning", finding: /is missing/, remedy: /flow build/ },
  ],
  [
    "types of another build",
    edit(".flow/types.d.ts", (text) => text.replace('seen: "file"', 'seen: "path"')),
    { name: "types", state: "warning", finding: /not that of the build/, remedy: /flow build/ },
  ],
  [
    "a target that leaves decorators as they are",
    compilerOptions({ target: "esnext", noEmit: false }),
    { name: "decorators", state: "warning", finding: /target esnext/, remedy: /es2022/ },
  ],
  [
    "a target without classes",
    compilerOptions({ target: "es5", noEmit: false }),
    { name: "decorators", state: "warning", finding: /target es5/, remedy: /es2022/ },
  ],
  [
    "a test that imports tasks",
    ({ root }) => writeFile(join(root, "src/a.test.ts"), 'import { Greet } from "./tasks.js";\nexport { Greet };\n'),
    { name: "vitest", state: "warning", finding: /src\/a\.test\.ts imports/, remedy: /millrace\(\)/ },
  ],
  [
    "a script that strips types",
    edit("package.json", (text) => text.replace("node out/main.js", "node --experimental-strip-types src/main.ts")),
    { name: "scripts", state: "warning", finding: /"start"/, remedy: /tsx/ },
  ],
  [
    "a script that strips types without saying so",
    edit("package.json", (text) => text.replace("node out/main.js", "node --env-file=.env src/main.ts")),
    { name: "scripts", state: "warning", finding: /"start"/, remedy: /tsx/ },
  ],
  [
    "no build",
    ({ root }) => rm(join(root, ".flow/manifest.json")),
    { name: "manifest", state: "warning", finding: /no build/, remedy: /flow build/ },
  ],
  [
    "a manifest cut short",
    edit(".flow/manifest.json", (text) => text.slice(0, 100)),
    { name: "manifest", state: "problem", finding: /damaged or cut short/, remedy: /flow build/ },
  ],
  [
    "a manifest of another version",
    edit(".flow/manifest.json", (text) => text.replace('"manifestVersion": 1', '"manifestVersion": 99')),
    { name: "manifest", state: "problem", finding: /version 99/, remedy: /flow build/ },
  ],
  [
    "a build that is gone",
    ({ root }) => rm(join(root, ".flow/build"), { recursive: true }),
    { name: "build", state: "problem", finding: /is gone/, remedy: /flow build/ },
  ],
  [
    "a module that is gone",
    async ({ root }) => rm(join(await buildFolder(root), "src/tasks.mjs")),
    { name: "build", state: "problem", finding: /tasks\.mjs is missing/, remedy: /flow build/ },
  ],
  [
    "a module with another byte",
    async ({ root }) => appendFile(join(await buildFolder(root), "src/tasks.mjs"), "\n"),
    { name: "build", state: "problem", finding: /not those that the compiler wrote/, remedy: /flow build/ },
  ],
  [
    "a changed source",
    ({ root }) => appendFile(join(root, "src/tasks.ts"), "\nexport const late = 1;\n"),
    { name: "sources", state: "warning", finding: /src\/tasks\.ts has changed/, remedy: /flow build/ },
  ],
  [
    "an output folder that git sees",
    ({ root }) => rm(join(root, ".flow/.gitignore")),
    { name: "git", state: "warning", finding: /not ignored/, remedy: /\.gitignore/ },
  ],
  [
    "a damaged database",
    (project) => scribble(project, ".flow/state.db"),
    { name: "store", state: "problem", finding: /is damaged/, remedy: /\.recover/ },
  ],
  [
    "a database that is none",
    ({ root }) => writeFile(join(root, ".flow/state.db"), "notes ".repeat(100)),
    { name: "store", state: "problem", finding: /not a database/, remedy: /\.recover/ },
  ],
  [
    "a database of a newer version",
    async (project) => (await openStore(project)).close().then(() => setUserVersion(project, 99)),
    { name: "store", state: "problem", finding: /has version 99/, remedy: /Install the Millrace/ },
  ],
  [
    "a run whose process is gone",
    async (project) => {
      const store = await openStore(project);
      await store.release([await begin(store, "lost-1")]);
    },
    { name: "runs", state: "warning", finding: /lost-1 \(lost: its process is gone\)/, remedy: /flow resume lost-1/ },
  ],
  [
    "a content file that is gone",
    async (project) => {
      await begin(await openStore(project), "large-1", { params: new Uint8Array(300_000) });
      await rm(join(project.root, ".flow/content"), { recursive: true });
    },
    { name: "content", state: "problem", finding: /1 content file missing.*run large-1 needs/, remedy: /backup/ },
  ],
  [
    "a content file that no run names",
    async ({ root }) => {
      await mkdir(join(root, ".flow/content/ab"), { recursive: true });
      await writeFile(join(root, ".flow/content/ab/left.tmp"), "12345");
    },
    { name: "content", state: "warning", finding: /1 file \(5 bytes\)/, remedy: /may be deleted/ },
  ],
  [
    "a clock behind the record",
    async (project) => {
      const store = await openStore(project);
      await store.release([await begin(store, "late-1", { at: Date.now() + 3_600_000 })]);
    },
    { name: "clock", state: "problem", finding: / behind the newest record/, remedy: /Set the clock/ },
  ],
  [
    "a file in place of the output folder",
    async ({ root }) => {
      await rm(join(root, ".flow"), { recursive: true });
      await writeFile(join(root, ".flow"), "");
    },
    { name: "disk", state: "problem", finding: /is a file/, remedy: /Move the file away/ },
  ],
];

async function buildFolder(root: string): Promise<string> {
  const [hash = ""] = await readdir(join(root, ".flow/build"));
  return join(root, ".flow/build", hash);
}

/** `PRAGMA user_version` is a number in the header of the file. */
async function setUserVersion({ root }: TestProject, version: number): Promise<void> {
  const file = join(root, ".flow/state.db");
  const content = await readFile(file);
  content.writeUInt32BE(version, 60);
  await writeFile(file, content);
}

describe("a damaged project", () => {
  test.each(DAMAGES)("%s", async (_, damage, expected) => {
    const copy = await copyOf(sound);
    await damage(copy);
    const before = await bytesBelow(copy.root);
    const { find } = await examine(copy);
    const found = find(String(expected.name));
    for (const [key, value] of Object.entries(expected)) {
      if (value instanceof RegExp) expect(found?.[key as keyof DoctorCheck]).toMatch(value);
      else expect(found).toHaveProperty(key, value);
    }
    expect(await bytesBelow(copy.root)).toEqual(before);
  });

  test("a run that a living process has is no reason to worry, and is told with its process", async () => {
    const copy = await copyOf(sound);
    await begin(await openStore(copy), "going-1");
    const { find } = await examine(copy);
    expect(find("runs")).toMatchObject({ state: "ok", finding: expect.stringContaining(`process ${process.pid}`) });
    expect(find("store")?.finding).toMatch(/2 runs/);
  });

  test("without compiler, a stale build and a missing one are problems", async () => {
    const copy = await copyOf(sound);
    await appendFile(join(copy.root, "src/tasks.ts"), "\n// late\n");
    expect((await examine(copy, WITHOUT_COMPILER)).find("sources")).toMatchObject({ state: "problem" });
    await rm(join(copy.root, ".flow/manifest.json"));
    expect((await examine(copy, WITHOUT_COMPILER)).find("manifest")).toMatchObject({ state: "problem" });
  });

  test.skipIf(process.getBuiltinModule("node:sqlite") !== undefined)(
    "npm has left out the native part of libsql",
    async () => {
      const { find } = await examine(sound, withoutPackage("@libsql/"));
      expect(find("sqlite")).toMatchObject({
        state: "problem",
        finding: expect.stringMatching(/@libsql\/\S+, the native part of libsql/),
        remedy: expect.stringContaining("delete node_modules and package-lock.json"),
      });
      // Said once: without a library nothing is known about the file.
      expect(find("store")).toBeUndefined();
    },
  );

  test.skipIf(process.platform !== "linux")("an output folder that cannot be written", async () => {
    const copy = await copyOf(sound);
    await change(copy, "package.json", (text) => text.replace("{", '{ "millrace": { "stateDir": "/sys/flow" },'));
    expect((await examine(copy)).find("disk")).toMatchObject({
      state: "problem",
      finding: expect.stringContaining("/sys cannot be written"),
      remedy: expect.stringContaining("stateDir"),
    });
  });
});

describe("no project", () => {
  test("no folder, no package.json: one problem, and what needs no project is still looked at", async () => {
    const copy = await copyOf(sound);
    await rm(join(copy.root, "package.json"));
    const { checks, root } = await examine(copy);
    expect(root).toBeNull();
    expect(checks).toMatchObject([
      { name: "node", state: "ok" },
      { name: "project", state: "problem", finding: expect.stringContaining("There is no package.json") },
    ]);
    const nowhere = await sound.flow("doctor", "--cwd", join(sound.root, "none"));
    expect(nowhere.stdout).toMatch(/^problem {2}project {2}There is no folder .*none\.\n +→ Give an existing folder/m);
    expect(nowhere.code).toBe(2);
  });

  test("a project in its parent folder is found, and a link to node_modules is followed", async () => {
    const copy = await copyOf(sound);
    await symlink(copy.root, join(copy.root, "src/self"));
    const { stdout } = await copy.flow("doctor", "--json", "--cwd", join(copy.root, "src"));
    expect(JSON.parse(stdout)).toMatchObject({ root: copy.root });
  });
});
