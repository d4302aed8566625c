/** Style of the page around a picture. The picture brings its own. */

/** The style sheet of the page, on top of the common one. */
export const PAGE_CSS: string = `
body { height: 100vh; display: flex; flex-direction: column; }
header { display: flex; align-items: center; gap: 8px; padding: 8px 14px; background: var(--surface); border-bottom: 1px solid var(--line); }
h1 { margin: 0 auto 0 0; font-size: 16px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
input, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; }
input { width: 220px; min-width: 0; }
button { cursor: pointer; }
output { color: var(--quiet); min-width: 4em; }
main { flex: 1; min-height: 0; display: flex; }
#stage { flex: 1; min-width: 0; overflow: hidden; cursor: grab; touch-action: none; user-select: none; }
#stage.moving { cursor: grabbing; }
#stage svg { display: block; width: 100%; height: 100%; }
#stage .ground { stroke: none; }
#stage .box[tabindex] { cursor: pointer; outline: none; }
#stage .box:focus-visible rect, #stage .selected rect { stroke: var(--accent); stroke-width: 2.5px; stroke-dasharray: none; }
#stage .found rect { stroke: var(--accent); stroke-width: 2px; }
#stage .dim { opacity: 0.25; }
#stage .linked path { stroke-width: 2.6px; }
aside { width: 340px; overflow: auto; padding: 14px 18px 24px; background: var(--surface); border-left: 1px solid var(--line); overflow-wrap: anywhere; }
aside h2 { margin: 0; font-size: 17px; }
aside h3 { margin: 16px 0 4px; font-size: 12px; font-weight: 600; color: var(--quiet); }
aside p { margin: 6px 0 0; white-space: pre-line; }
aside .kind, aside .need { color: var(--quiet); }
dl { display: grid; grid-template-columns: minmax(72px, max-content) 1fr; gap: 3px 12px; margin: 12px 0 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
ul { margin: 0; padding: 0; list-style: none; }
li { margin: 3px 0; }
li button { text-align: left; border: 0; padding: 0; background: none; color: var(--accent); }
@media (max-width: 760px) { main { flex-direction: column; } aside { width: auto; max-height: 42%; border-left: 0; border-top: 1px solid var(--line); }
  input { width: 130px; } output { display: none; } }
`;
