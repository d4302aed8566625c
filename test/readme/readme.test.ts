/** The README's code is compiled, checked by TypeScript, and drawn: what it shows is what users get. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderMermaid } from "@millrace/core";
import { renderSvg } from "@millrace/core/picture";
import { createTestProject } from "@millrace/testing";
import { expect, it } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const README = readFileSync(`${REPOSITORY}/README.md`, "utf8");
const TSC = `${REPOSITORY}/node_modules/typescript/bin/tsc`;

it("shows flows and a program that build, type-check and draw as they say", async () => {
  const [flows = "", program = "", functions = ""] = [...README.matchAll(/```ts\n([\s\S]*?)```/g)].map(
    ([, code]) => code ?? "",
  );
  await using project = await createTestProject({
    files: {
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
      "src/functions.ts": functions,
      "src/main.ts": `import { CityReport } from "./flow.js";\n${program}\nexport const typed: string = await run.result();`,
    },
  });
  const { diagnostics, manifest } = await project.build();
  expect(diagnostics.filter((d) => d.severity !== "hint")).toEqual([]);
  expect(await project.node([TSC, "-p", "."]).done).toMatchObject({ code: 0, stdout: "" });
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
