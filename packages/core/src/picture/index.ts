/** `@millrace/core/picture`: pictures of flows and job graphs. Apart from the package's face because it loads a layout library. */
export { escapeXml } from "./escape-xml.js";
export { PICTURE_CSS } from "./picture-style.js";
export { renderJobGraphSvg, renderRulesSvg, renderSvg } from "./render-svg.js";
