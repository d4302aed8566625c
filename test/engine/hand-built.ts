/**
 * A project whose build is written by hand: compiled modules and a manifest, without the compiler. It tests the engine
 * alone; what the compiler makes of sources is tested elsewhere.
 */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { DeclarationEntry, GraphNode, JsonSchema, Manifest, StepOptions } from "@millrace/core";

const ROOT = resolve(import.meta.dirname, "../..");

/** A declaration of the hand-written module. */
export interface HandEntry {
  readonly options?: StepOptions;
  readonly params?: JsonSchema;
  readonly fingerprint?: string;
  readonly nodes?: readonly GraphNode[];
}

/** A hand-written build. */
export interface HandBuild {
  /** JavaScript of the one module; imports from "millrace" and "millrace/stamps" work. */
  readonly module: string;
  readonly tasks?: Readonly<Record<string, HandEntry>>;
  readonly flows: Readonly<Record<string, HandEntry>>;
  /** Name of the build. */
  readonly hash?: string;
}

const SPAN = { file: "src/flow.ts", line: 1, column: 1, endLine: 1, endColumn: 2 };

/** A temporary project folder with a build in it. */
export class HandProject implements AsyncDisposable {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async create(build: HandBuild): Promise<HandProject> {
    const project = new HandProject(await mkdtemp(join(tmpdir(), "millrace-hand-")));
    await writeFile(join(project.dir, "package.json"), '{ "name": "hand-built", "type": "module" }');
    await symlink(join(ROOT, "node_modules"), join(project.dir, "node_modules"));
    await project.build(build);
    return project;
  }

  /** Writes a build and makes it the current one. */
  async build(build: HandBuild): Promise<void> {
    const hash = build.hash ?? "handmade";
    const folder = join(this.dir, ".flow/build", hash);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "module.mjs"), build.module);
    const manifest = JSON.stringify(manifestOf(build, hash));
    await writeFile(join(folder, "manifest.json"), manifest);
    await writeFile(join(this.dir, ".flow/manifest.json"), manifest);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}

function manifestOf(build: HandBuild, hash: string): Manifest {
  const tasks = Object.entries(build.tasks ?? {}).map(([id, entry]) => [
    id,
    { ...common(id, entry), kind: "task", hooks: [], shared: { reads: [], writes: [] } },
  ]);
  const flows = Object.entries(build.flows).map(([id, entry]) => [
    id,
    { ...common(id, entry), kind: "flow", graph: { graphVersion: 1, nodes: entry.nodes ?? [], edges: [] } },
  ]);
  // The two lists are built right above in the shape of the manifest.
  return {
    manifestVersion: 1,
    graphVersion: 1,
    build: hash,
    compiler: "by hand",
    tasks: Object.fromEntries(tasks),
    flows: Object.fromEntries(flows),
  } as Manifest;
}

function common(id: string, entry: HandEntry): DeclarationEntry {
  return {
    id,
    className: id,
    source: "src/flow.ts",
    module: "module.mjs",
    exportName: id,
    span: SPAN,
    params: Object.entries(entry.params?.properties ?? {}).map(([name, schema]) => ({
      name,
      schema,
      required: true,
      text: "unknown",
    })),
    paramsSchema: entry.params ?? {},
    result: { schema: {}, text: "unknown" },
    options: entry.options ?? {},
    fingerprint: { algorithm: "modules", hash: entry.fingerprint ?? `${id}-1`, modules: {}, packages: {} },
  };
}
