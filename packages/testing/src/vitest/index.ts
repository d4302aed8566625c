/** The Vitest plugin: re-exports by name, nothing else. */
export { type MillraceOptions, millrace } from "./plugin.js";
