/** Public face of the compiler: re-exports by name, nothing else. */
export { type CompileOptions, type CompileResult, compile } from "./compile.js";
