/**
 * The narrow door for what looks at a project before it knows whether there is anything to do: errors, places, manifest,
 * findings and the words for them. The main door also loads values, graphs and their libraries.
 */
export { appendTo } from "../collections/append-to.js";
export { groupBy } from "../collections/group-by.js";
export { compareDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.js";
export { diagnosticSources } from "../diagnostics/diagnostic-sources.js";
export { githubAnnotations } from "../diagnostics/github-annotations.js";
export { renderDiagnostics } from "../diagnostics/render-diagnostic.js";
export { sarifLog } from "../diagnostics/sarif.js";
export { EXIT, type ExitCode } from "../errors/exit-codes.js";
export { isMillraceError, MillraceError } from "../errors/millrace-error.js";
export type { BuildHash } from "../identity/brands.js";
export type { BuildDocument } from "../json-shapes/build-document.js";
export type { DevLine } from "../json-shapes/dev-line.js";
export type { ServeLine } from "../json-shapes/serve-line.js";
export { digestOutputs } from "../manifest/digest-outputs.js";
export type { Manifest } from "../manifest/manifest.js";
export { readManifest } from "../manifest/read-manifest.js";
export { suggestName } from "../names/did-you-mean.js";
export { formatDuration } from "../options/duration.js";
export { formatCount } from "../run/run-words.js";
export { checkStateDir, stateDirUnusable } from "./check-state-dir.js";
export { filesBelow } from "./files-below.js";
export { bareProject, findProject, type ProjectPlace, projectAround } from "./find-project.js";
export { findTsconfig, nearestTsconfig } from "./find-tsconfig.js";
export { type ProjectSettings, readSettings, type SpawnerSetting } from "./project-settings.js";
export { STATE_PATHS } from "./state-dir.js";
