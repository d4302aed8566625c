/** Style of the report of a run. Class names of pictures, which bring their own style, are not used here. */

/** The style sheet of the page, on top of the common one. */
export const REPORT_CSS: string = `
main { max-width: 1400px; margin: 0 auto; padding: 20px 24px 60px; }
h1 { margin: 0; font-size: 22px; }
h2 { margin: 28px 0 8px; font-size: 16px; }
h1 small { font-size: 14px; font-weight: 400; color: var(--quiet); margin-left: 8px; }
.state { font-weight: 600; }
.state.succeeded { color: var(--done); }
.state.failed { color: var(--trouble); }
.state.other { color: var(--warn); }
dl, details { margin: 10px 0 0; }
.row { margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: 6px 0 0; padding: 8px 10px; overflow: auto; max-height: 420px; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--ground); border: 1px solid var(--line); border-radius: 6px; }
pre.wrong { border-color: var(--trouble); }
summary { cursor: pointer; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.card + .card { margin-top: 10px; }
.filters { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 8px; }
.filters label { cursor: pointer; }
.quiet { color: var(--quiet); }
.timeline { position: relative; padding: 0; overflow: hidden; }
.timeline svg { display: block; width: 100%; height: 20px; overflow: visible; }
.timeline .scale, .row > summary { display: grid; grid-template-columns: minmax(120px, 24%) 1fr 84px; gap: 14px; align-items: center; padding: 2px 14px; }
.timeline .scale { padding-block: 8px 4px; border-bottom: 1px solid var(--line); }
.row > summary { list-style: none; position: relative; }
.row > summary::-webkit-details-marker { display: none; }
.row > summary:hover { background: color-mix(in srgb, var(--accent) 8%, transparent); }
.timeline .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.timeline .took { text-align: right; color: var(--quiet); font-variant-numeric: tabular-nums; }
.timeline .behind { position: absolute; inset: 0; pointer-events: none; display: grid; grid-template-columns: minmax(120px, 24%) 1fr 84px; gap: 14px; padding: 34px 14px 0; }
.timeline .behind svg { grid-column: 2; height: 100%; overflow: hidden; }
.timeline text { font-size: 11px; fill: var(--quiet); }
.grid line { stroke: var(--line); }
.grid .pause { fill: var(--line); opacity: 0.5; }
.track line { stroke: var(--quiet); stroke-width: 1; opacity: 0.6; }
.track rect { rx: 2px; fill: var(--warn); }
.track rect.succeeded { fill: var(--done); }
.track rect.failed { fill: var(--trouble); }
.row.restored .track rect { opacity: 0.45; }
.row.path .name { font-weight: 600; }
.row.path .name::before { content: "◆ "; color: var(--accent); }
.row[open] { background: var(--surface); position: relative; border-block: 1px solid var(--line); }
.row .about { padding: 2px 14px 14px; background: var(--surface); }
.row.failed .name { color: var(--trouble); }
.row.other .name { color: var(--quiet); }
.attempts { border-collapse: collapse; margin-top: 10px; font-variant-numeric: tabular-nums; }
.attempts th { text-align: left; font-weight: 400; color: var(--quiet); }
.attempts th, .attempts td { padding: 2px 18px 2px 0; vertical-align: top; }
.picture { overflow: auto; }
.picture svg { display: block; max-width: 100%; height: auto; }
body:has(#only-path:checked) .row:not(.path), body:has(#only-rest:checked) .row.succeeded { display: none; }
@media (max-width: 700px) { main { padding: 12px; } .timeline .scale, .row > summary, .timeline .behind { grid-template-columns: 110px 1fr 60px; gap: 8px; } }
@media print { .filters { display: none; } pre { max-height: none; } }
`;
