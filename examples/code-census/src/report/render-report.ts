/** Gathers what the page carries with it and renders the report. Called by the RenderReport task. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type PageContent, page } from "./page.js";

const require = createRequire(import.meta.url);

/** The report as one HTML document without outside references. */
export async function renderReport(content: PageContent): Promise<string> {
  const [style, script, charts, parserVersion, chartsVersion] = await Promise.all([
    Promise.all(["page.css", "sections.css", "table.css"].map(readAsset)),
    readAsset("report.js"),
    readFile(require.resolve("echarts/dist/echarts.min.js"), "utf8"),
    versionOf("@babel/parser"),
    versionOf("echarts"),
  ]);
  return page(content, {
    style: style.join(""),
    script,
    charts,
    versions: { parser: parserVersion, charts: chartsVersion },
  });
}

function readAsset(name: string): Promise<string> {
  return readFile(new URL(`../../assets/${name}`, import.meta.url), "utf8");
}

async function versionOf(name: string): Promise<string> {
  const json: unknown = JSON.parse(await readFile(require.resolve(`${name}/package.json`), "utf8"));
  return typeof json === "object" && json !== null && "version" in json ? String(json.version) : "";
}
