/** Runs every check over the facts. A new check is one file and one line here: what it finds is kept by file, unless it looks across files. */
import { type Diagnostic, groupBy } from "@millrace/core";
import type { SourceFile } from "ts-morph";
import type { GroundOf } from "../flows/grounds.js";
import type { KeptByGround } from "../project/kept-by-ground.js";
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
import { turnsInSequence } from "./turns-in-sequence.js";
import { undecoratedClass } from "./undecorated-class.js";
import { unlistedParams } from "./unlisted-params.js";
import { valueSendable } from "./value-sendable.js";

/** What they find in a file rests on its ground alone. */
const OF_FILES: readonly Check[] = [
  nameUnresolved,
  classPlacement,
  definition,
  notExported,
  options,
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
  floatingShared,
  taskNotPure,
  networkWithoutIo,
  ruleMatchAsync,
  ruleUnreachable,
  emitsUnknown,
  resultUnused,
  awaitsInSequence,
];

/** They ask what other files make of a file: graphs, or all that is declared and called. */
const OF_PROJECTS: readonly Check[] = [
  sdkReachable,
  undecoratedClass,
  duplicateId,
  optionsContradict,
  subflowCycle,
  sharedUnordered,
  taskUnused,
  turnsInSequence,
];

/** What was found in earlier builds, by file. */
export type KeptFindings = KeptByGround<readonly Diagnostic[]>;

/** What checks are run over, and what need not be found again. */
export interface CheckRun {
  /** Of the whole project. */
  readonly all: CheckFacts;
  readonly kept: KeptFindings;
  readonly groundOf: GroundOf;
}

/** All findings of all checks. */
export function runChecks({ all, kept, groundOf }: CheckRun): readonly Diagnostic[] {
  const places = new Set<string>();
  const found: Diagnostic[] = [];
  for (const part of byFile(all)) {
    const [file] = part.files;
    const own = kept.get(file.compilerNode, groundOf(file), () => run(OF_FILES, part));
    // What is wrong with a base class is found again with the classes of other files that inherit it.
    const others = own.filter((diagnostic) => !places.has(placeOf(diagnostic)));
    for (const diagnostic of others) places.add(placeOf(diagnostic));
    found.push(...others);
  }
  return [...found, ...run(OF_PROJECTS, all)];
}

function run(checks: readonly Check[], facts: CheckFacts): readonly Diagnostic[] {
  const findings: Finding[] = [];
  for (const check of checks) check(facts, (finding) => findings.push(finding));
  return findings.map((finding) => toDiagnostic(finding, facts.model));
}

function placeOf({ code, span, data }: Diagnostic): string {
  return JSON.stringify([code, span, data.path]);
}

/** The facts of each file. */
function byFile(all: CheckFacts): readonly (CheckFacts & { readonly files: readonly [SourceFile] })[] {
  const facts = groupBy(all.facts, ({ declared }) => declared.form.node.getSourceFile());
  const calls = groupBy(all.calls, ({ node }) => node.getSourceFile());
  const generics = groupBy(all.generics, ({ call }) => call.node.getSourceFile());
  const classes = groupBy(all.classes, ({ node }) => node.getSourceFile());
  const definitions = groupBy(all.definitions, ({ node }) => node.getSourceFile());
  return all.files.map((file) => ({
    ...all,
    files: [file],
    facts: facts.get(file) ?? [],
    calls: calls.get(file) ?? [],
    generics: generics.get(file) ?? [],
    classes: classes.get(file) ?? [],
    definitions: definitions.get(file) ?? [],
  }));
}
