/** Every package as it would be published: what publint and "are the types wrong" say, what is in the tarball, and how large it is. */
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix, resolve } from "node:path";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PackedPackage, packPackages } from "./packed-packages.js";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const FOLDERS = await readdir(join(REPOSITORY, "packages"), { withFileTypes: true }).then((entries) =>
  entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
);
/** What stands in a tarball beside manifest, README, licence and compiled code. */
const EXTRAS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  core: async () => ["schema/manifest.schema.json"],
  jobs: async () => ["schema/job.schema.json"],
  cli: async () => ["bin/flow.js", "dist/browser/graph-page.js"],
  millrace: async () => ["bin/flow.js"],
  "create-flow": async () => ["bin/create-flow.js", ...(await filesUnder(REPOSITORY, "templates"))],
};

/** The part of a package.json that is looked at here. */
interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

let root: string;
let packed: readonly PackedPackage[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tarballs-"));
  packed = await packPackages(join(root, "packs"));
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe.each(FOLDERS)("the package in packages/%s", (folder) => {
  it("passes publint and attw", async () => {
    const { name, version, tarball, size, unpackedSize, files } = packedAs(await packageJson(folder));
    const data = await readFile(tarball);
    const { messages } = await publint({
      pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) },
      strict: true,
    });
    expect(messages).toEqual([]);
    const analysis = await checkPackage(createPackageFromTarballData(data));
    // A command and templates have no types to be wrong.
    if (folder !== "create-flow") expect(analysis.types).toEqual({ kind: "included" });
    expect(analysis.types && "problems" in analysis ? analysis.problems.filter(isWrong) : []).toEqual([]);
    console.log(
      `${name} ${version}: publint and attw clean, ${files.length} files, ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked`,
    );
  });

  it("holds its compiled sources, README, licence, and nothing else", async () => {
    const sources = (await filesUnder(join(REPOSITORY, "packages", folder), "src")).filter(
      (path) => /\.ts$/.test(path) && !/\.test\.ts$/.test(path),
    );
    const stems = sources.map((path) => path.replace(/^src/, "dist").replace(/\.ts$/, ""));
    const modules = (await isBundled(folder)) ? await reachedModules(folder) : stems.map((stem) => `${stem}.js`);
    const compiled = [...stems.map((stem) => `${stem}.d.ts`), ...modules];
    const extras = (await EXTRAS[folder]?.()) ?? [];
    const { files } = packedAs(await packageJson(folder));
    expect(files, `outputs without a source? rm -r packages/${folder}/dist and build again`).toEqual(
      ["LICENSE", "README.md", "package.json", ...compiled, ...extras].sort(),
    );
  });

  it("has the licence of the repository, and no map to sources that are not shipped", async () => {
    const own = join(REPOSITORY, "packages", folder);
    expect(await readFile(join(own, "LICENSE"), "utf8")).toBe(await readFile(join(REPOSITORY, "LICENSE"), "utf8"));
    for (const path of (await filesUnder(own, "dist")).filter((file) => /\.js$/.test(file))) {
      expect(await readFile(join(own, path), "utf8"), path).not.toMatch(/^\/\/# sourceMappingURL=/m);
    }
  });

  it("says what it is in its package.json", async () => {
    const json = await packageJson(folder);
    expect(json).toMatchObject({
      description: expect.stringMatching(/\.$/),
      keywords: expect.arrayContaining([expect.any(String)]),
      license: "MIT",
      type: "module",
      engines: { node: ">=20.19.0" },
    });
    expect(Object.keys(json.exports).filter((path) => path.includes("*"))).toEqual([]);
    for (const [path, target] of Object.entries(json.exports)) {
      // `default` and not `import`: require() of an ES module works from the floor on.
      if (typeof target === "object") expect(Object.keys(target as object), path).toEqual(["types", "default"]);
      else expect(path).toMatch(/\.json$/);
    }
  });

  it("has the version of all, and asks for the others in exactly that version", async () => {
    const { version } = JSON.parse(await readFile(join(REPOSITORY, "package.json"), "utf8")) as PackageJson;
    const { version: own, dependencies, peerDependencies } = await packageJson(folder);
    expect(own).toBe(version);
    const names = new Set(packed.map(({ name }) => name));
    for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
      if (names.has(name)) expect(range, name).toBe(version);
    }
  });
});

/** The packages are ES modules by decision (ADR 15): how old resolution and `require` see them is no finding. */
function isWrong(problem: Problem): boolean {
  if (problem.kind === "CJSResolvesToESM") return false;
  return !("resolutionKind" in problem && problem.resolutionKind === "node10");
}

/** True if .ci/bundle.mjs writes the JavaScript of a package. */
async function isBundled(folder: string): Promise<boolean> {
  return (await readFile(join(REPOSITORY, "packages", folder, "tsconfig.json"), "utf8")).includes(
    "emitDeclarationOnly",
  );
}

/** The modules that a package exports, and what they import of their own. */
async function reachedModules(folder: string): Promise<readonly string[]> {
  const { exports } = await packageJson(folder);
  const targets = Object.values(exports).map((target) => (target as { readonly default?: string }).default);
  const queue = targets.flatMap((target) => (target?.endsWith(".js") ? [posix.normalize(target)] : []));
  const reached = new Set(queue);
  for (const module of queue) {
    const text = await readFile(join(REPOSITORY, "packages", folder, module), "utf8");
    for (const [, specifier = ""] of text.matchAll(/^(?:import|export|\} from|.*\bimport\().*?"(\.{1,2}\/[^"]+)"/gm)) {
      const found = posix.join(posix.dirname(module), specifier);
      if (!reached.has(found)) queue.push(found);
      reached.add(found);
    }
  }
  return [...reached];
}

function packedAs({ name }: PackageJson): PackedPackage {
  const found = packed.find((one) => one.name === name);
  if (!found) throw new Error(`${name} was not packed.`);
  return found;
}

async function packageJson(folder: string): Promise<PackageJson> {
  return JSON.parse(await readFile(join(REPOSITORY, "packages", folder, "package.json"), "utf8")) as PackageJson;
}

/** Files below a folder, as posix paths that begin with it. */
async function filesUnder(base: string, folder: string): Promise<readonly string[]> {
  if (!existsSync(join(base, folder))) return [];
  const entries = await readdir(join(base, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(base.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((path) => !/\/(?:node_modules|\.flow)\//.test(path));
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
