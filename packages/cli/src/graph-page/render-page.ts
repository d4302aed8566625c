/**
 * A picture as one HTML page that needs nothing else: to move about in, to search, and with the details of each
 * node. `flow graph --format html` writes it. It loads nothing: a content security policy allows only what it holds.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { FlowEntry, Manifest } from "@millrace/core";
import { escapeXml, PICTURE_CSS, renderSvg } from "@millrace/core/picture";
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
export async function renderPage({ name: title, svg, data }: GraphPage): Promise<string> {
  const script = await readFile(SCRIPT, "utf8");
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(PAGE_CSS)} ${hashOf(PICTURE_CSS)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const name = escapeXml(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}</title>
<style>${PAGE_CSS}</style>
</head>
<body>
<header>
<h1>${name}</h1>
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
<script id="data" type="application/json">${inertJson(data)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** JSON that cannot end the element that holds it. */
function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}
