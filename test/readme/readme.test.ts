/** The README's code is compiled, checked by TypeScript, and drawn: what it shows is what users get. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { renderMermaid } from "@millrace/core";
import { renderSvg } from "@millrace/core/picture";
import { expect, it } from "vitest";
import { fixtureProject } from "../compiler/fixture-project.js";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const README = readFileSync(`${REPOSITORY}/README.md`, "utf8");
const TSC = `${REPOSITORY}/node_modules/typescript/bin/tsc`;

it("shows flows and a program that build, type-check and draw as they say", async () => {
  const [flows = "", program = ""] = [...README.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? "");
  using project = fixtureProject("readme", {
    "package.json": '{ "name": "readme", "type": "module" }',
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        target: "es2022",
        module: "nodenext",
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ["node"],
      },
      include: ["src", ".flow/types.d.ts"],
    }),
    "src/flow.ts": flows,
    "src/main.ts": `import { CityReport } from "./flow.js";\n${program}\nexport const typed: string = await run.result();`,
  });
  const { diagnostics, manifest } = await project.build();
  expect(diagnostics.filter((d) => d.severity !== "hint")).toEqual([]);
  await promisify(execFile)(process.execPath, [TSC, "-p", project.path("tsconfig.json")]);
  const graph = manifest?.flows.CityReport?.graph;
  expect(graph?.nodes.map((n) => `${n.id}${n.parent ? ` in ${n.parent}` : ""}`)).toEqual([
    "map",
    "FetchForecast in map",
    "Render",
  ]);
  expect(graph && renderMermaid(graph)).toMatch(/warmest/);
  const flow = manifest?.flows.CityReport;
  expect(README).toContain("](docs/images/city-report.svg)");
  // `npm run readme-picture` draws it again.
  await expect(flow && renderSvg(flow, manifest.tasks)).toMatchFileSnapshot(
    `${REPOSITORY}/docs/images/city-report.svg`,
  );
});

it("names commands and scripts that exist", () => {
  const scripts = Object.keys(JSON.parse(readFileSync(`${REPOSITORY}/package.json`, "utf8")).scripts);
  for (const [, name = ""] of README.matchAll(/`?npm run ([\w-]+)/g)) expect(scripts).toContain(name);
  expect(scripts).toContain("test");
});
