/**
 * Writes the JavaScript of the packages whose tsconfig.json leaves that to it (`emitDeclarationOnly`): one module for each
 * entry of package.json, and chunks that entries share or that are loaded when they are needed. Commands and threads start
 * in a fraction of the time that hundreds of small modules take (docs/adr/0040-packages-are-bundled.md).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { chunksByDoor } from "./chunks-by-door.mjs";

/**
 * What is bundled though it is another's: it patches a global and exports nothing, so a copy is as good as an import, and Node takes 10 ms to
 * read CommonJS that a module imports, in each thread.
 */
const INLINED = ["reflect-metadata"];

/** Reads that as the script which it is. Around a CommonJS module a function would be put that is marked as pure, and bundlers of apps would drop it. */
const asScript = {
  name: "as-script",
  transform: (code, id) =>
    INLINED.some((name) => id.includes(`/node_modules/${name}/`)) ? `${code}\nexport {};` : undefined,
};

/**
 * The doors of a package that decide how many modules it is: what the same of them reach is one chunk. Those in one list are loaded together.
 * Other doors have what they alone reach, and share what these have. Packages without an entry are cut at what their doors share. A door is a
 * name in package.json's `exports`, or a source that is loaded with a dynamic import.
 */
const DOORS = {
  core: [["./thread"], ["./project"], [".", "./validate"]],
  compiler: [["."]],
  cli: [["src/main.ts", "src/commands/build.ts"]],
  sdk: [[".", "./internal", "./stamps"]],
  runtime: [["./worker"], ["."]],
};

const packages = fileURLToPath(new URL("../packages", import.meta.url));

/** Folders of the packages that are bundled. */
function bundledPackages() {
  return readdirSync(packages)
    .map((name) => join(packages, name))
    .filter((folder) => readJson(join(folder, "tsconfig.json")).compilerOptions?.emitDeclarationOnly === true);
}

/** Bundles one package; files that are as they should be are left alone, others that no bundle has are removed. */
async function bundle(folder) {
  const dist = join(folder, "dist");
  const entries = entriesOf(folder);
  const doors = (DOORS[basename(folder)] ?? []).map((names) =>
    names.map((name) => entries.get(name)?.source ?? join(folder, name)),
  );
  const { plugin, codeSplitting } = chunksByDoor(doors);
  const build = await rolldown({
    cwd: folder,
    input: Object.fromEntries([...entries.values()].map(({ stem, source }) => [stem, source])),
    platform: "node",
    tsconfig: false,
    transform: { target: "es2022" },
    external: (id) => /^[^./]/.test(id) && !INLINED.includes(id),
    plugins: [plugin, asScript],
    // Entries export what their sources say, and nothing that only chunks need of each other.
    preserveEntrySignatures: "strict",
    // A dynamic import of what another door loads at once is no mistake.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await build.generate({
    dir: dist,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
    hashCharacters: "hex",
    comments: { legal: true, annotation: true, jsdoc: false },
    codeSplitting,
  });
  await build.close();
  const written = new Map(output.map(({ fileName, code }) => [join(dist, fileName), code]));
  // New chunks first, entries that ask for them next, what nobody asks for any more last.
  for (const [path, text] of [...written].reverse()) {
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  for (const name of readdirSync(dist, { recursive: true })) {
    const path = join(dist, name);
    if (name.endsWith(".js") && !name.startsWith("browser") && !written.has(path)) rmSync(path);
  }
}

/** What package.json exports: the name of each door, with the stem of its output and its source. */
function entriesOf(folder) {
  const entries = new Map();
  for (const [name, target] of Object.entries(readJson(join(folder, "package.json")).exports)) {
    const stem = /^\.\/dist\/(.*)\.js$/.exec(target.default ?? "")?.[1];
    if (stem !== undefined) entries.set(name, { stem, source: join(folder, "src", `${stem}.ts`) });
  }
  return entries;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

for (const folder of bundledPackages()) await bundle(folder);
