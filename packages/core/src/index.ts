/** Public face of @millrace/core: re-exports by name, nothing else. */

export { BuildAlignment, type PlacedRecord } from "./alignment/align-builds.js";
export { type Ambiguity, alignGraphs, type ChosenSites, type GraphAlignment } from "./alignment/align-graphs.js";
export { appendTo } from "./collections/append-to.js";
export { groupBy } from "./collections/group-by.js";
export { Heap } from "./collections/heap.js";
export { explainStep, type StepDifference, type UnservedStep } from "./decide/explain.js";
export { explainRun } from "./decide/explain-run.js";
export {
  type Decision,
  type RecordStanding,
  type StepPlace,
  StepRecords,
} from "./decide/step-records.js";
export { type RunningCall, type WhyRecord, whyItRuns, whyRestored } from "./decide/why-words.js";
export {
  compareDiagnostics,
  type Diagnostic,
  type RelatedSpan,
  type Span,
} from "./diagnostics/diagnostic.js";
export {
  DIAGNOSTICS,
  type DiagnosticCode,
  type DiagnosticKind,
  type Severity,
} from "./diagnostics/diagnostic-codes.js";
export { diagnosticSources } from "./diagnostics/diagnostic-sources.js";
export { githubAnnotations } from "./diagnostics/github-annotations.js";
export { type RenderOptions, renderDiagnostic, renderDiagnostics } from "./diagnostics/render-diagnostic.js";
export { type SarifOrigin, sarifLog } from "./diagnostics/sarif.js";
export { ERROR_CODES, type ErrorCode, exitCodeOf } from "./errors/error-codes.js";
export { EXIT, type ExitCode } from "./errors/exit-codes.js";
export { listed, sentenceAbout } from "./errors/listed.js";
export { bug, isMillraceError, MillraceError, type MillraceErrorInit } from "./errors/millrace-error.js";
export { BodyCourse } from "./graph/conformance/body-course.js";
export { BodyTrace } from "./graph/conformance/body-trace.js";
export { compareCourses } from "./graph/conformance/compare-courses.js";
export { GraphRules } from "./graph/conformance/graph-rules.js";
export {
  COVERAGE_PARTS,
  coverageOf,
  type GraphCoverage,
  type GraphWitness,
  joinWitnesses,
} from "./graph/conformance/graph-witness.js";
export type { Cause, TracedCall } from "./graph/conformance/traced-call.js";
export { type Violation, violationText } from "./graph/conformance/violation.js";
export { drawGraph } from "./graph/draw-graph.js";
export type { Arrow, Box, BoxMark, Drawing } from "./graph/drawing.js";
export * from "./graph/flow-graph.js";
export { type GraphIndex, indexGraph, siteOfNode } from "./graph/index-graph.js";
export { type Influenced, influences } from "./graph/influence.js";
export { findCycle, type LiftedEdge, liftEdges } from "./graph/lift.js";
export type { MessageType } from "./graph/message-type.js";
export { realiseGraph } from "./graph/realise-graph.js";
export { remainingPaths } from "./graph/remaining-paths.js";
export { renderDot } from "./graph/render-dot.js";
export { renderMermaid } from "./graph/render-mermaid.js";
export { renderSuccessors } from "./graph/render-successors.js";
export { type Follow, type Successors, successorsOf } from "./graph/successors.js";
export type { ActivationPath, BuildHash, Identity, RunId, Site, StepKey } from "./identity/brands.js";
export { decodeSegment, encodeSegment } from "./identity/segment.js";
export { formatSite, isUnbuiltSite, parseSite, type SiteParts, UNBUILT, unbuiltSite } from "./identity/site.js";
export {
  type AttemptKeyInput,
  attemptKey,
  type IdentityInput,
  idempotencyKey,
  stepIdentity,
} from "./identity/step-identity.js";
export { itemPath, type KeyPart, parseKey, rootPath, siteOf, stepKey, subflowPath } from "./identity/step-key.js";
export type { JobGraphSurroundings } from "./job-graph/check-runs.js";
export { commandSignature, type RunSignature } from "./job-graph/command-signature.js";
export { compareJobGraphs, type JobGraphDifference } from "./job-graph/compare-job-graphs.js";
export { drawJobGraph, type NodeOutcome } from "./job-graph/draw-job-graph.js";
export { fillParams } from "./job-graph/fill-params.js";
export { cycleIn, type GraphOrder, type JobArc, orderGraph, reachedBy } from "./job-graph/graph-order.js";
export type { JobGraphIssue } from "./job-graph/issue.js";
export type { JobBuild } from "./job-graph/job-build.js";
export {
  FAILURE_POLICIES,
  type FailurePolicy,
  graphName,
  JOB_GRAPH_VERSION,
  type JobEdge,
  type JobGraph,
  type JobNode,
  type JobParam,
  type JobRun,
} from "./job-graph/job-graph.js";
export {
  isNodeId,
  type JobReference,
  parsePath,
  parseTemplate,
  referencesOf,
  referenceText,
  sourcesOf,
} from "./job-graph/job-reference.js";
export type { LocalContext, LocalFunction } from "./job-graph/local-function.js";
export { type GraphPlace, innerPlace, nodeKey, nodeSite, rootPlace } from "./job-graph/node-key.js";
export { readJobGraph } from "./job-graph/read-job-graph.js";
export { keepNodes, type NodeSelection, selectNodes } from "./job-graph/select-nodes.js";
export type { ToJobGraph } from "./job-graph/to-job-graph.js";
export { FORMATS } from "./json-schema/formats.js";
export { type JsonSchema, KIND_KEYWORD, PARTS_KEYWORD } from "./json-schema/json-schema.js";
export { resolveRef } from "./json-schema/resolve-ref.js";
export { textChoices } from "./json-schema/text-choices.js";
export { schemaToTypeText } from "./json-schema/type-text.js";
export { withoutMisspelt } from "./json-schema/without-misspelt.js";
export type { BuildDocument } from "./json-shapes/build-document.js";
export type { DevLine } from "./json-shapes/dev-line.js";
export type { AffectedDocument, DiffDocument } from "./json-shapes/diff-document.js";
export type { DoctorCheck, DoctorDocument } from "./json-shapes/doctor-document.js";
export type { ErrorDocument } from "./json-shapes/error-document.js";
export { clockTime, formatLogLine, type LogLineStyle, type Paint } from "./json-shapes/format-log-line.js";
export type { GcDocument, RmDocument } from "./json-shapes/gc-document.js";
export { type Json, jsonImage } from "./json-shapes/json-image.js";
export { FLOW_LOG, type LogLine } from "./json-shapes/log-line.js";
export type { MatrixDocument, MatrixRow } from "./json-shapes/matrix-document.js";
export type { PlanDocument, PlannedStep, PlanVerdict } from "./json-shapes/plan-document.js";
export type { ReportDocument } from "./json-shapes/report-document.js";
export type { RunDocument } from "./json-shapes/run-document.js";
export type { RunListDocument } from "./json-shapes/run-list-document.js";
export type {
  SarifDriver,
  SarifLevel,
  SarifLocation,
  SarifLog,
  SarifResult,
  SarifRule,
  SarifRun,
  SarifText,
} from "./json-shapes/sarif-log.js";
export type { ServedSchedule, ServeLine } from "./json-shapes/serve-line.js";
export type { ExplainedStep, WhyDocument } from "./json-shapes/why-document.js";
export { hashBuild } from "./manifest/build-hash.js";
export {
  compareManifests,
  type DeclarationDifference,
  type GraphDifference,
  type ManifestDifference,
  type SymbolDifference,
  type ValueDifference,
} from "./manifest/compare-manifests.js";
export { digestOutputs } from "./manifest/digest-outputs.js";
export * from "./manifest/manifest.js";
export { manifestText } from "./manifest/manifest-text.js";
export { type MessageTypes, messageTypes } from "./manifest/message-types.js";
export { readManifest } from "./manifest/read-manifest.js";
export { didYouMean, suggestName } from "./names/did-you-mean.js";
export { readNamePattern } from "./names/name-pattern.js";
export { nearestName } from "./names/nearest-name.js";
export {
  BUILT_IN_OBSERVERS,
  type BuiltInObserver,
  type BuiltInObserverName,
  isBuiltInObserver,
} from "./observers/built-in-observers.js";
export { checkDurability, type Durability } from "./options/durability.js";
export { type Duration, durationMs, formatDuration, parseDuration } from "./options/duration.js";
export { checkOptions, mergeOptions, type OptionIssue } from "./options/merge-options.js";
export { type OptionConflict, optionConflicts } from "./options/option-conflicts.js";
export { isSlurmTime, slurmTime } from "./options/slurm-time.js";
export { OPTION_NAMES, type RetryOptions, type StepOptions } from "./options/step-options.js";
export type { Checkpointer } from "./ports/checkpointer.js";
export { type Clock, systemClock } from "./ports/clock.js";
export type {
  AbortReason,
  AttemptSlices,
  Executor,
  Job,
  JobOutcome,
  JobRef,
  Lane,
  LaneEvent,
  LaneKind,
  LogLevel,
  SpecialLanes,
} from "./ports/executor.js";
export type { Observer } from "./ports/observer.js";
export type { CachedResult, ControlRequest, FactBatch, FactsWanted, Lease, RunStore } from "./ports/run-store.js";
export type { SharedAnswer, SharedAsk, SharedClaim, SharedEntry, SharedWrite } from "./ports/shared-exchange.js";
export type {
  CommandAttempt,
  CommandSurroundings,
  ContainerCommand,
  ShellCommand,
} from "./ports/shell-command.js";
export { checkStateDir, stateDirUnusable } from "./project/check-state-dir.js";
export { filesBelow } from "./project/files-below.js";
export { findProject, type ProjectPlace } from "./project/find-project.js";
export { findTsconfig, nearestTsconfig, type TsconfigSearch } from "./project/find-tsconfig.js";
export {
  type ProjectSettings,
  readSettings,
  type SpawnerSetting,
  type SpecSetting,
} from "./project/project-settings.js";
export { STATE_DIR, STATE_PATHS } from "./project/state-dir.js";
export { Agenda, type Following, type MatchesToken } from "./rules/agenda.js";
export { checkRuleSet, type RuleFinding } from "./rules/check-rule-set.js";
export { compareRuleSets, type RuleSetDifference } from "./rules/compare-rule-sets.js";
export { drawRules } from "./rules/draw-rules.js";
export { type FiringEnd, isErrorToken, sourcesFor } from "./rules/emissions.js";
export { type Firing, type Frame, firingPlace, type RunToken, tokenPlace } from "./rules/firing.js";
export { firingEnd } from "./rules/firing-end.js";
export {
  type FilterGroups,
  filtersOf,
  handlesErrors,
  matchesFilters,
  type Verdict,
  verdictOn,
} from "./rules/match-filter.js";
export { readRule, readRuleSet } from "./rules/read-rule-set.js";
export { realiseRules } from "./rules/realise-rules.js";
export { type Emits, emitsAnything, type RuleEntry, type TokenShape } from "./rules/rule-entry.js";
export {
  type LooseToken,
  type RuleEdge,
  type RuleGraph,
  type RuleNode,
  ruleGraph,
  type TokenWay,
} from "./rules/rule-graph.js";
export { type RuleLineage, ruleLineage, type TokenLineage } from "./rules/rule-lineage.js";
export { ruleMatrix } from "./rules/rule-matrix.js";
export * from "./rules/rule-set.js";
export { ruleSuccessors } from "./rules/rule-successors.js";
export { type ReadsRule, RULES_MESSAGE, readSent, type Sent, TOKEN_MESSAGE } from "./rules/sent.js";
export type { ToRuleSet } from "./rules/to-rule-set.js";
export { sentId } from "./rules/token-id.js";
export { type UndeclaredEmission, undeclaredEmission } from "./rules/undeclared-emission.js";
export type { EndedAttempt } from "./run/attempts-of-steps.js";
export { Breakpoints, type Hold } from "./run/breakpoints.js";
export { criticalPath, type TimedStep } from "./run/critical-path.js";
export { errorSummary } from "./run/error-summary.js";
export type { ErrorSummary, EventBase, RunEvent, StepRef, StepTotals } from "./run/events.js";
export * from "./run/facts.js";
export {
  foldRun,
  type OpenRunView,
  openRunView,
  type ReadFacts,
  type RecordedView,
  recordedSteps,
} from "./run/read-run-view.js";
export { goesOnByItself, type OwnerInfo, type RunState, type RunSummary } from "./run/run-state.js";
export type { RunHeader, RunView, StepTry, StepView } from "./run/run-view.js";
export { errorText, formatCount, totalsText } from "./run/run-words.js";
export { stepLabel } from "./run/step-label.js";
export { readSelector, type SelectsStep } from "./run/step-selector.js";
export { bytesError } from "./run/step-views.js";
export { unknownRun } from "./run/unknown-run.js";
export type { CatchUp, Overlap, ScheduleEntry, ScheduleOptions } from "./schedule/schedule-entry.js";
export { withoutRevealed } from "./secrets/revealed-text.js";
export { Secret } from "./secrets/secret.js";
export type { SecretProvider } from "./secrets/secret-home.js";
export {
  type AbortCause,
  isSettled,
  nextState,
  type SettledState,
  type StepEvent,
  type StepSource,
  type StepState,
  transition,
} from "./step/step-state.js";
export { columnsOf, cutToWidth, padToWidth } from "./text/text-width.js";
export { canonicalHash } from "./values/canonical-hash.js";
export { decodeValue, type RefReader } from "./values/decode.js";
export { decodeError } from "./values/decode-error.js";
export { encodeValue } from "./values/encode.js";
export { encodeError } from "./values/encode-error.js";
export { encodeFor, hashFor } from "./values/encode-for.js";
export { CODEC_MSGPACK, codecOf, ENVELOPE_VERSION } from "./values/envelope.js";
export { isObject } from "./values/is-object.js";
export type { Kind } from "./values/kinds/kind.js";
export { isOfKind, JSON_KINDS, type JsonKind, KINDS, kindByName } from "./values/kinds.js";
export { placeOfKey } from "./values/place-of-key.js";
export { hashOf, Ref, type RefContent } from "./values/ref.js";
export { renderValue } from "./values/render-value.js";
export { MAX_DEPTH } from "./values/trail.js";
export { registerValueClass, type ValueClass } from "./values/value-classes.js";
