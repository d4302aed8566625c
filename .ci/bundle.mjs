/**
 * Writes the JavaScript of the packages whose tsconfig.json leaves that to it (`emitDeclarationOnly`): one module for each
 * entry of package.json, and chunks that entries share or that are loaded when they are needed. Commands and threads start
 * in a fraction of the time that hundreds of small modules take (docs/adr/0040-packages-are-bundled.md).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * What is bundled though it is another's: it patches a global and exports nothing, so a copy is as good as an import, and Node takes 10 ms to
 * read CommonJS that a module imports, in each thread.
 */
const INLINED = { "reflect-metadata": fileURLToPath(import.meta.resolve("reflect-metadata")) };

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
  const { outputFiles } = await build({
    entryPoints: entriesOf(folder),
    outbase: join(folder, "src"),
    outdir: dist,
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    packages: "external",
    // A path is no package.
    alias: INLINED,
    chunkNames: "[name]-[hash]",
    logLevel: "error",
  });
  const written = new Map(outputFiles.map(({ path, text }) => [path, text]));
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

/** The sources of what package.json exports. */
function entriesOf(folder) {
  return Object.values(readJson(join(folder, "package.json")).exports)
    .map((target) => /^\.\/dist\/(.*)\.js$/.exec(target.default ?? "")?.[1])
    .filter((stem) => stem !== undefined)
    .map((stem) => join(folder, "src", `${stem}.ts`));
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

for (const folder of bundledPackages()) await bundle(folder);
