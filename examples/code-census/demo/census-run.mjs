/** The plain demo: build, run with live progress, draw the graph, say where everything is. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DemoFailure, example, flow, flowJson, repository } from "./flow-command.mjs";

const count = new Intl.NumberFormat("en");

/** Folder of everything that the demo writes. */
export const out = join(example, "out");

/** Parameters of the census, as flags. */
export const parameters = ["--project", repository, "--out", out];

/** Runs the census and draws its graph. */
export async function runCensus() {
  await flow(["build"], { live: true });
  const { status, result, steps, durationMs } = await flowJson(["run", "CodeCensus", ...parameters], { live: true });
  if (status !== "succeeded") throw new DemoFailure(`The census ended as ${status}.`);
  const graph = await drawGraph();

  const figures = [
    [result.packages, "packages"],
    [result.files, "files"],
    [result.lines, "lines"],
    [result.functions, "functions"],
    [result.outliers.length, "outliers"],
    [result.unparsable, "unparsable files"],
  ];
  console.log(`
${figures.map(([value, noun]) => `${count.format(value)} ${noun}`).join(", ")}
${count.format(steps.total)} steps in ${(durationMs / 1000).toFixed(1)} s

report  ${result.report}
data    ${result.data}
graph   ${graph.join("\n        ")}`);
}

/** Writes the graph as a page, as a picture and as Mermaid; gives the paths, the page first. */
async function drawGraph() {
  mkdirSync(out, { recursive: true });
  const files = [];
  for (const [format, name] of [
    ["html", "graph.html"],
    ["svg", "graph.svg"],
    ["mermaid", "graph.mmd"],
  ]) {
    const file = join(out, name);
    await flow(["graph", "CodeCensus", "--format", format, "--output", file]);
    files.push(file);
  }
  return files;
}
