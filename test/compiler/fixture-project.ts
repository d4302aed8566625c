/** A fixture project in a temporary folder, with the repository's packages linked into its node_modules. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CompileResult, compile } from "@millrace/compiler";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const LINKED = ["millrace", "@millrace", "@types", "undici-types"];

/** One temporary project; removed by `using` or `await using`. */
export interface FixtureProject extends Disposable {
  /** Absolute real path. */
  readonly root: string;
  build(): Promise<CompileResult>;
  check(): Promise<CompileResult>;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Absolute path inside the project. */
  path(path: string): string;
}

/**
 * Copies `test/fixtures/projects/<name>`; `files` are laid over it. Folders under `vendor/` become packages of its
 * node_modules, those under `linked/` are linked there.
 */
export function fixtureProject(name: string, files: Readonly<Record<string, string>> = {}): FixtureProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), `millrace-${name.replaceAll("/", "-")}-`)));
  const fixture = join(REPOSITORY, "test/fixtures/projects", name);
  if (existsSync(fixture)) cpSync(fixture, root, { recursive: true });
  const modules = join(root, "node_modules");
  mkdirSync(modules);
  for (const folder of LINKED) symlinkSync(join(REPOSITORY, "node_modules", folder), join(modules, folder));
  for (const folder of children(join(root, "vendor")))
    cpSync(join(root, "vendor", folder), join(modules, folder), { recursive: true });
  for (const folder of children(join(root, "linked"))) symlinkSync(join(root, "linked", folder), join(modules, folder));
  const project: FixtureProject = {
    root,
    build: () => compile({ cwd: root, mode: "build" }),
    check: () => compile({ cwd: root, mode: "check" }),
    path: (path) => join(root, path),
    read: (path) => readFileSync(join(root, path), "utf8"),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  return project;
}

function children(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
