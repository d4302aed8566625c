/**
 * A picture as one HTML page that needs nothing else: to move about in, to search, and with the details of each
 * node. `flow graph --format html` writes it.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { FlowEntry, Manifest } from "@millrace/core";
import { escapeXml, PICTURE_CSS, renderSvg } from "@millrace/core/picture";
import { htmlPage } from "../html/html-page.js";
import { describeFlow } from "./describe-flow.js";
import type { PageData } from "./page-data.js";
import { PAGE_CSS } from "./page-style.js";

const PACKAGE = dirname(createRequire(import.meta.url).resolve("@millrace/cli/package.json"));
const SCRIPT = join(PACKAGE, "dist/browser/graph-page.js");

/** What a page shows. */
export interface GraphPage {
  readonly name: string;
  /** The picture. */
  readonly svg: string;
  /** What is told about its elements. */
  readonly data: PageData;
}

/** The page of a flow, ending in a newline. */
export function renderFlowPage(flow: FlowEntry, manifest: Pick<Manifest, "tasks" | "flows">): Promise<string> {
  return renderPage({ name: flow.id, svg: renderSvg(flow, manifest.tasks), data: describeFlow(flow, manifest) });
}

/** Any page, ending in a newline. */
export async function renderPage({ name, svg, data }: GraphPage): Promise<string> {
  const body = `<header>
<h1>${escapeXml(name)}</h1>
<input id="search" type="search" placeholder="Search nodes ( / )" aria-label="Search nodes">
<output id="found" for="search"></output>
<button id="out" type="button" aria-label="Zoom out">−</button>
<button id="in" type="button" aria-label="Zoom in">+</button>
<button id="fit" type="button">Fit</button>
</header>
<main>
<section id="stage" tabindex="0" aria-label="Picture of the graph. Arrow keys move it, plus and minus zoom, 0 fits.">
${svg}</section>
<aside id="details" aria-live="polite"></aside>
</main>
`;
  const script = { source: await readFile(SCRIPT, "utf8"), data };
  return htmlPage({ title: name, css: PAGE_CSS, innerCss: [PICTURE_CSS], body, script });
}
