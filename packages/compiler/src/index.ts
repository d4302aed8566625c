/** Public face of the compiler: re-exports by name, nothing else. */
export type { AffectedTestsRequest, ChangedFile } from "./affected/affected-tests.js";
export { findAffectedTests } from "./affected/find-affected-tests.js";
export { compile } from "./compile.js";
export type { CompileOptions, CompileResult } from "./compile-result.js";
export { exportFlow } from "./export/export-flow.js";
export type { ExportedFlow, ExportReason, ExportRequest } from "./export/exported-flow.js";
export type { CompiledModule } from "./modules/compile-module.js";
export { type ModuleCompiler, openModuleCompiler } from "./modules/module-compiler.js";
export { type WatchEvent, type WatchOptions, watchProject } from "./watch/watch-project.js";
