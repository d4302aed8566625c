/**
 * The architecture rules hold, and each of them bites: a planted offender is named with the rule's sentence. And each
 * package is built after those that it imports.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { cruise, type IConfiguration, type ICruiseResult, type IFlattenedRuleSet } from "dependency-cruiser";
import { afterAll, beforeAll, expect, it } from "vitest";

const REPOSITORY = resolve(import.meta.dirname, "../..");

/** Offender → the rule that it breaks. Imported files are made too. */
const OFFENDERS: readonly [from: string, to: string, rule: RegExp][] = [
  ["packages/core/src/a.ts", "packages/sdk/src/x.ts", /^core-imports-only/],
  ["packages/sdk/src/a.ts", "packages/runtime/src/x.ts", /^sdk-imports-only/],
  ["packages/compiler/src/a.ts", "packages/runtime/src/x.ts", /^compiler-imports-only/],
  ["packages/runtime/src/a.ts", "packages/compiler/src/x.ts", /^runtime-imports-only/],
  ["packages/jobs/src/a.ts", "packages/runtime/src/x.ts", /^jobs-imports-only/],
  ["packages/cli/src/h.ts", "node_modules/yaml/index.js", /^yaml-only-in/],
  ["packages/cli/src/i.ts", "node_modules/liquidjs/index.js", /^liquidjs-only-in/],
  // What an import by package name leads to.
  ["packages/runtime/src/built.ts", "packages/compiler/dist/x.js", /^runtime-imports-only/],
  ["packages/testing/src/a.ts", "packages/compiler/src/x.ts", /^testing-imports-only/],
  ["packages/testing/src/b.ts", "node_modules/vitest/index.js", /^vitest-stays-at-the-edge/],
  ["packages/cli/src/a.ts", "packages/compiler/src/x.ts", /^cli-imports-only/],
  ["packages/millrace/src/a.ts", "packages/compiler/src/x.ts", /^millrace-imports-only/],
  ["packages/create-flow/src/a.ts", "packages/core/src/x.ts", /^create-flow-imports-only/],
  ["packages/runtime/src/worker/a.ts", "packages/runtime/src/stores/x.ts", /^thread-stays-light/],
  ["packages/runtime/src/steps/a.ts", "packages/runtime/src/stores/x.ts", /^drivers-know-no-store/],
  ["packages/runtime/src/stores/a.ts", "packages/runtime/src/runs/x.ts", /^ports-before-adapters/],
  ["packages/runtime/src/b.ts", "node_modules/ts-morph/index.js", /^ts-morph-only-in/],
  ["packages/cli/src/b.ts", "node_modules/piscina/index.js", /^piscina-only-in/],
  ["packages/cli/src/e.ts", "node_modules/esbuild/index.js", /^esbuild-only-in/],
  ["packages/cli/src/d.ts", "node_modules/libsql/index.js", /^libsql-only-in/],
  ["packages/runtime/src/c.ts", "node_modules/reflect-metadata/index.js", /^reflect-metadata-only-in/],
  ["packages/compiler/src/b.ts", "node_modules/@dagrejs/graphlib/index.js", /^-dagrejs-graphlib-only-in/],
  ["packages/cli/src/g.ts", "node_modules/croner/index.js", /^croner-only-in/],
  ["packages/cli/src/f.ts", "node_modules/@dagrejs/dagre/index.js", /^-dagrejs-dagre-only-in/],
  ["packages/runtime/src/d.ts", "packages/core/src/picture/x.ts", /^pictures-load-for-drawings-alone/],
  ["packages/core/src/d.ts", "packages/core/src/picture/x.ts", /^pictures-load-for-drawings-alone/],
  ["packages/cli/src/c.ts", "node_modules/@clack/prompts/index.js", /^-clack-prompts-only-in/],
  ["packages/core/src/b.ts", "packages/core/src/c.test.ts", /^tests-are-not-imported/],
];

let root: string;
let violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "millrace-architecture-"));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  await write("package.json", '{ "type": "module" }');
  for (const [from, to] of OFFENDERS) {
    const up = "../".repeat(from.split("/").length - 1);
    await write(from, `import { x } from "${up}${to.replace(/\.ts$/, ".js")}";\nexport const y = x;\n`);
    await write(to.replace(/\.ts$/, ".js"), "export const x = 1;\n");
  }
  await write("packages/core/src/one.ts", 'import { two } from "./two.js";\nexport const one = two;\n');
  await write("packages/core/src/two.js", 'import { one } from "./one.js";\nexport const two = one;\n');
  await write("packages/core/src/alone.ts", "export const alone = 1;\n");
  await write("packages/core/src/lost.ts", 'import { x } from "./nowhere.js";\nexport const y = x;\n');
  const { default: config } = (await import(join(REPOSITORY, ".dependency-cruiser.mjs"))) as {
    readonly default: IConfiguration;
  };
  const { output } = await cruise(["packages"], {
    ...config.options,
    baseDir: root,
    validate: true,
    ruleSet: config as IFlattenedRuleSet,
  });
  // Without a reporter the output is the result itself.
  violations = (output as ICruiseResult).summary.violations;
});

afterAll(() => rm(root, { recursive: true, force: true }));

it.each(OFFENDERS)("%s must not import %s", (from, _to, rule) => {
  expect(violations.filter((v) => v.from === from).map((v) => v.rule.name)).toContainEqual(expect.stringMatching(rule));
});

it.each(["no-cycles", "no-orphans", "resolvable"])("%s", (rule) => {
  expect(violations.map((v) => v.rule.name)).toContain(rule);
});

it("leaves no rule without its offender", async () => {
  const { default: config } = (await import(join(REPOSITORY, ".dependency-cruiser.mjs"))) as {
    readonly default: { readonly forbidden: readonly { readonly name: string }[] };
  };
  const broken = new Set(violations.map((v) => v.rule.name));
  expect(config.forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
});

it("references in each package's tsconfig the packages that its sources import", async () => {
  // Projects are built side by side: one without its reference finds the other's declarations or not, as it happens.
  const packages = await readdir(join(REPOSITORY, "packages"), { withFileTypes: true });
  const wrong: string[] = [];
  for (const { name } of packages.filter((entry) => entry.isDirectory())) {
    const folder = join(REPOSITORY, "packages", name);
    const sources = (await readdir(join(folder, "src"), { recursive: true })).filter((path) =>
      /(?<!\.test)\.ts$/.test(path),
    );
    const imported = new Set<string>();
    for (const path of sources) {
      const text = await readFile(join(folder, "src", path), "utf8");
      for (const [, other = ""] of text.matchAll(
        /(?:^(?:import|export)\b[^;]*?from |\bimport\()"@millrace\/([a-z-]+)/gm,
      ))
        imported.add(other);
    }
    const config = await readFile(join(folder, "tsconfig.json"), "utf8");
    for (const other of imported)
      if (!config.includes(`{ "path": "../${other}" }`)) wrong.push(`packages/${name} does not reference ../${other}`);
  }
  expect(wrong).toEqual([]);
});
