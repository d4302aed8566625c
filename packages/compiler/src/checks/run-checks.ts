/** Runs every check over the facts. A new check is one file and one line here. */
import type { Diagnostic } from "@millrace/core";
import { awaitsInSequence } from "./awaits-in-sequence.js";
import { callInTask } from "./call-in-task.js";
import { callParams } from "./call-params.js";
import { type Check, type CheckFacts, type Finding, toDiagnostic } from "./check.js";
import { classPlacement } from "./class-placement.js";
import { constraints } from "./constraints.js";
import { definition } from "./definition.js";
import { detachedCall } from "./detached-call.js";
import { duplicateId } from "./duplicate-id.js";
import { emitsUnknown } from "./emits-unknown.js";
import { floatingShared } from "./floating-shared.js";
import { nameUnresolved } from "./name-unresolved.js";
import { networkWithoutIo } from "./network-without-io.js";
import { notExported } from "./not-exported.js";
import { options } from "./options.js";
import { optionsContradict } from "./options-contradict.js";
import { paramPlacement } from "./param-placement.js";
import { paramReadEarly } from "./param-read-early.js";
import { refinements } from "./refinements.js";
import { resultUnused } from "./result-unused.js";
import { ruleMatchAsync } from "./rule-match-async.js";
import { ruleUnreachable } from "./rule-unreachable.js";
import { schedules } from "./schedules.js";
import { sdkReachable } from "./sdk-reachable.js";
import { sharedUnordered } from "./shared-unordered.js";
import { subflowCycle } from "./subflow-cycle.js";
import { taskNotPure } from "./task-not-pure.js";
import { taskUnused } from "./task-unused.js";
import { undecoratedClass } from "./undecorated-class.js";
import { unlistedParams } from "./unlisted-params.js";
import { valueSendable } from "./value-sendable.js";

const CHECKS: readonly Check[] = [
  sdkReachable,
  nameUnresolved,
  classPlacement,
  definition,
  notExported,
  undecoratedClass,
  duplicateId,
  options,
  optionsContradict,
  schedules,
  paramPlacement,
  paramReadEarly,
  unlistedParams,
  valueSendable,
  constraints,
  refinements,
  callInTask,
  detachedCall,
  callParams,
  subflowCycle,
  floatingShared,
  sharedUnordered,
  taskNotPure,
  networkWithoutIo,
  ruleMatchAsync,
  ruleUnreachable,
  emitsUnknown,
  taskUnused,
  resultUnused,
  awaitsInSequence,
];

/** All findings of all checks. */
export function runChecks(facts: CheckFacts): readonly Diagnostic[] {
  const findings: Finding[] = [];
  for (const check of CHECKS) check(facts, (finding) => findings.push(finding));
  return findings.map((finding) => toDiagnostic(finding, facts.model));
}
