/** A page that needs nothing else: its content security policy allows only what it holds. */
import { createHash } from "node:crypto";
import { escapeXml } from "@millrace/core/picture";
import { BASE_CSS } from "./base-style.js";

/** What a page is made of. */
export interface HtmlPage {
  readonly title: string;
  readonly css: string;
  /** Style sheets that pictures in the body bring. */
  readonly innerCss?: readonly string[];
  /** Markup, in which text of users is inert. */
  readonly body: string;
  /** A module, and what it reads from the element `data`. */
  readonly script?: { readonly source: string; readonly data: unknown };
}

/** The page, ending in a newline. */
export function htmlPage({ title, css, innerCss = [], body, script }: HtmlPage): string {
  const sheet = BASE_CSS + css;
  const policy = [
    "default-src 'none'",
    ...(script ? [`script-src ${hashOf(script.source)}`] : []),
    `style-src ${[sheet, ...innerCss].map(hashOf).join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>${sheet}</style>
</head>
<body>
${body}${script ? scriptElements(script) : ""}</body>
</html>
`;
}

function scriptElements({ source, data }: { readonly source: string; readonly data: unknown }): string {
  return `<script id="data" type="application/json">${inertJson(data)}</script>
<script type="module">${source}</script>
`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** JSON that cannot end the element that holds it. */
function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}
