/** Colours and lines of a picture, for light and dark surroundings. Plain CSS, so that simple viewers draw the light ones. */

/** Property values: the same in both, or one for light and one for dark surroundings. */
type Value = string | readonly [light: string, dark: string];

const GROUND: Value = ["#f8fafc", "#0f172a"];
const INK: Value = ["#0f172a", "#f1f5f9"];
const QUIET: Value = ["#475569", "#a9b6c9"];
const LINE: Value = ["#334155", "#cbd5e1"];
const FAINT: Value = ["#94a3b8", "#64748b"];
const REPEAT: Value = ["#1d4ed8", "#7fb0ff"];
const CHOICE: Value = ["#6d28d9", "#c4a5fd"];
const TROUBLE: Value = ["#be123c", "#fb8fa3"];
const DONE: Value = ["#15803d", "#4ade80"];
const WARN: Value = ["#b45309", "#fbbf4d"];

const RULES: readonly (readonly [selector: string, properties: Readonly<Record<string, Value>>])[] = [
  [".ground", { fill: GROUND, stroke: ["#dbe2ea", "#283449"] }],
  ["text", { fill: INK, "font-size": "12px" }],
  [".heading", { "font-size": "20px", "font-weight": "700" }],
  [".title", { "font-size": "14px", "font-weight": "600" }],
  [".note,.label,.legend", { fill: QUIET }],
  [".leaf rect", { fill: ["#ffffff", "#1e293b"], stroke: ["#64748b", "#7c8ba1"] }],
  [".subflow .inner", { fill: "none" }],
  [".step rect,.sleep rect,.wait rect,.background rect", { fill: ["#eef2ff", "#252b52"] }],
  [".dynamic rect", { fill: ["#fffbeb", "#3a2c12"], stroke: WARN, "stroke-dasharray": "5 4" }],
  [".container rect,.arm rect", { fill: ["#64748b", "#94a3b8"], "fill-opacity": "0.07", stroke: FAINT }],
  [".arm rect", { "stroke-dasharray": "2 4" }],
  [".caption", { "font-weight": "600", fill: QUIET }],
  [".map rect,.loop rect", { stroke: REPEAT, fill: REPEAT }],
  [".stack", { fill: "none", stroke: REPEAT, "stroke-opacity": "0.6" }],
  [".map .caption,.loop .caption", { fill: REPEAT }],
  [".branch rect,.race rect", { stroke: CHOICE, fill: CHOICE }],
  [".branch .caption,.race .caption", { fill: CHOICE }],
  [".try rect", { stroke: TROUBLE, fill: TROUBLE }],
  [".try .caption", { fill: TROUBLE }],
  [".critical rect", { stroke: TROUBLE, "stroke-width": "2" }],
  [".forever rect", { "stroke-dasharray": "6 4" }],
  [".succeeded>rect", { stroke: DONE }],
  [".failed>rect", { stroke: TROUBLE, "stroke-width": "2" }],
  [".aborted>rect", { stroke: WARN }],
  [".skipped>rect,.open>rect", { "stroke-dasharray": "3 4", stroke: FAINT }],
  [".leaf.failed>rect", { fill: ["#fff1f2", "#4c1424"] }],
  [".skipped .title,.open .title", { fill: QUIET }],
  [".edge path", { fill: "none", stroke: LINE, "stroke-width": "1.6" }],
  [".edge .head", { fill: LINE, "stroke-width": "1", "stroke-linejoin": "round" }],
  [".derived .line", { "stroke-dasharray": "0.1 4.5", "stroke-linecap": "round", "stroke-width": "2.2" }],
  [".may .line", { "stroke-dasharray": "7 5" }],
  [".may.derived .line", { "stroke-dasharray": "8 5 0.1 5" }],
  [".error path,.error .head", { stroke: TROUBLE }],
  [".error .head", { fill: TROUBLE }],
  [".error .label", { fill: TROUBLE }],
  [".control path", { stroke: CHOICE, "stroke-width": "1.3" }],
  [".control .head", { fill: GROUND }],
  [".control .label", { fill: CHOICE }],
  [".order path,.sequence path", { stroke: FAINT, "stroke-width": "1.3" }],
  [".order .head", { fill: "none" }],
];

/** The style sheet of a picture. */
export const PICTURE_CSS: string = `${sheet(0)}@media (prefers-color-scheme:dark){${sheet(1)}}`;

function sheet(scheme: 0 | 1): string {
  return RULES.map(([selector, properties]) => {
    const declarations = Object.entries(properties).flatMap(([name, value]) => {
      if (typeof value === "string") return scheme === 0 ? [`${name}:${value}`] : [];
      return [`${name}:${value[scheme]}`];
    });
    return declarations.length > 0 ? `${selector}{${declarations.join(";")}}` : "";
  }).join("");
}
