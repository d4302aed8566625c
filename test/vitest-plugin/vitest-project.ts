/** A project in a temporary folder whose tests run under Vitest with the plugin, in a process of their own. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createTestProject, type Environment, type RunningCommand, type TestProject } from "@millrace/testing";

const VITEST = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

/** Parts of every project here, under those that a test gives. */
const FILES: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "tested", "version": "1.0.0", "type": "module" }',
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2022",
      module: "nodenext",
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      lib: ["es2023", "esnext.decorators", "esnext.disposable"],
      types: ["node"],
    },
    include: ["src", ".flow/types.d.ts"],
  }),
  "vitest.config.ts": `
    import { millrace } from "millrace/vitest";
    import { defineConfig } from "vitest/config";
    export default defineConfig({ plugins: [millrace()], test: { disableConsoleIntercept: true } });
  `,
};

/** Makes a project of files. */
export function vitestProject(files: Readonly<Record<string, string>>): Promise<TestProject> {
  return createTestProject({ files: { ...FILES, ...files } });
}

/** `vitest run`: its exit code, and both streams without colours. */
export async function runVitest(
  project: TestProject,
  env: Environment = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { code, stdout, stderr } = await project.node([VITEST, "run"], { env }).done;
  return { code, output: stdout + stderr };
}

/** Vitest, watching. */
export function watchVitest(project: TestProject): RunningCommand {
  return project.node([VITEST, "--watch"]);
}

/** A flow with a map and a call, a task with a helper, and what a test needs to hear the flow's sites. */
export const COUNTING: Readonly<Record<string, string>> = {
  "src/count.ts": `
import { param, Task, task } from "millrace";
import { lengthOf } from "./length.js";

@task
export class Count extends Task<number> {
  @param() text!: string;
  run(): number {
    return lengthOf(this.text);
  }
}
`,
  "src/length.ts": `
export function lengthOf(text: string): number {
  if (text === "throw") throw new Error("cannot measure");
  return text.length;
}
`,
  "src/total.ts": `
import { Flow, flow, param } from "millrace";
import { Count } from "./count.js";

@flow
export class Total extends Flow<number> {
  @param() texts!: string[];
  async run(): Promise<number> {
    const counts = await this.map(this.texts, (text) => this.call(Count, { text }));
    return counts.reduce((sum, count) => sum + count, await this.call(Count, { text: "" }));
  }
}
`,
  "test/sites.ts": `
import { bindFlow, currentFrame } from "@millrace/sdk/internal";

/** The sites of the helpers around a call, and its own. */
function place(site = "unstamped"): string {
  const frames: string[] = [];
  for (let frame = currentFrame(); frame; frame = frame.parent) frames.unshift(frame.site);
  return [...frames, site].join(">");
}

/** Runs a flow's body and gives the place of every call. */
export async function sitesOf(flow: { run(): Promise<unknown> }): Promise<readonly string[]> {
  const sites: string[] = [];
  bindFlow(flow as never, {
    call: async ({ site }: { site?: string }) => { sites.push(place(site)); return 1; },
    map: ({ items, fn, site }: { items: string[]; fn(item: string, index: number): unknown; site?: string }) => {
      sites.push(place(site));
      return Promise.all(items.map(fn));
    },
  } as never);
  await flow.run();
  return sites;
}
`,
};
