/** Every public path of every package resolves, with declarations that stand on their own (`skipLibCheck` is off). */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { run } from "../packages/command.js";
import { COMMAND } from "./consumer-project.js";

const PACKAGES = [
  "millrace",
  ...["core", "sdk", "compiler", "jobs", "runtime", "testing", "cli"].map((n) => `@millrace/${n}`),
];
/** Types of Vitest, an optional peer that is not installed here. */
const OF_VITEST = /\/(?:vitest|testing\/conformance|conformance)$/;
const OPTIONS = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,esnext.disposable", "--types", "node"];

let dir: string;

beforeAll(async () => {
  const root = inject("consumers");
  dir = join(root, "types");
  await mkdir(dir);
  await writeFile(join(dir, "package.json"), '{ "type": "module" }');
  const lines: string[] = [];
  for (const name of PACKAGES) {
    const manifest = JSON.parse(await readFile(join(root, "node_modules", name, "package.json"), "utf8"));
    const paths = Object.keys(manifest.exports).map((path) => `${name}${path.slice(1)}`);
    for (const path of paths.filter((one) => !one.endsWith(".json") && !OF_VITEST.test(one))) {
      lines.push(`import * as m${lines.length} from "${path}";\nm${lines.length} satisfies object;`);
    }
  }
  await writeFile(join(dir, "all.ts"), lines.join("\n"));
});

describe.each(["tsc-5.9", "tsc-6", "tsc-7"] as const)("%s", (tsc) => {
  it.each([
    ["nodenext", ["--module", "nodenext"]],
    ["bundler", ["--module", "esnext", "--moduleResolution", "bundler"]],
  ])("with module resolution %s", async (_name, resolution) => {
    const compiler = join(inject("consumers"), COMMAND[tsc]);
    expect(await run(dir, process.execPath, [compiler, ...OPTIONS, ...resolution, "all.ts"])).toMatchObject({
      code: 0,
      stdout: "",
    });
  });
});
