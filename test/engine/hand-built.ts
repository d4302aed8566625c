/**
 * A project whose build is written by hand: compiled modules and a manifest, without the compiler. It tests the engine
 * alone; what the compiler makes of sources is tested elsewhere.
 */
import type {
  DeclarationEntry,
  GraphEdge,
  GraphNode,
  JsonSchema,
  Manifest,
  ScheduleEntry,
  StepOptions,
} from "@millrace/core";
import { createTestProject, type TestProject } from "@millrace/testing";

/** A declaration of the hand-written module. */
export interface HandEntry {
  readonly options?: StepOptions;
  readonly params?: JsonSchema;
  readonly fingerprint?: string;
  readonly nodes?: readonly GraphNode[];
  readonly edges?: readonly GraphEdge[];
  readonly schedule?: ScheduleEntry;
  readonly durability?: "behind";
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

/** A temporary project with a build in it. */
export async function handProject(build: HandBuild): Promise<TestProject> {
  const project = await createTestProject();
  writeBuild(project, build);
  return project;
}

/** Writes a build and makes it the current one. */
export function writeBuild(project: TestProject, build: HandBuild): void {
  const hash = build.hash ?? "handmade";
  const folder = `.flow/build/${hash}`;
  const manifest = JSON.stringify(manifestOf(build, hash));
  project.write(`${folder}/module.mjs`, build.module);
  project.write(`${folder}/manifest.json`, manifest);
  project.write(".flow/manifest.json", manifest);
}

function manifestOf(build: HandBuild, hash: string): Manifest {
  const tasks = Object.entries(build.tasks ?? {}).map(([id, entry]) => [
    id,
    { ...common(id, entry), kind: "task", hooks: [], shared: { reads: [], writes: [] } },
  ]);
  const flows = Object.entries(build.flows).map(([id, entry]) => [
    id,
    {
      ...common(id, entry),
      kind: "flow",
      ...(entry.schedule ? { schedule: entry.schedule } : {}),
      ...(entry.durability ? { durability: entry.durability } : {}),
      graph: { graphVersion: 1, nodes: entry.nodes ?? [], edges: entry.edges ?? [] },
    },
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
