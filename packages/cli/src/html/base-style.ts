/** What the pages of the command line have in common: colours for light and dark surroundings, and type. */

/** A style sheet, to stand before a page's own. */
export const BASE_CSS: string = `
:root { color-scheme: light dark; --ground: #f8fafc; --surface: #ffffff; --ink: #0f172a; --quiet: #475569; --line: #dbe2ea; --accent: #1d4ed8;
  --done: #15803d; --trouble: #be123c; --warn: #b45309; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f172a; --surface: #1a2438; --ink: #f1f5f9; --quiet: #a9b6c9; --line: #2c3a52; --accent: #7fb0ff;
    --done: #4ade80; --trouble: #fb8fa3; --warn: #fbbf4d; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.5 "Segoe UI", "Helvetica Neue", Arial, Roboto, "Noto Sans", sans-serif; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
`;
