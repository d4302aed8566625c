/** Runs every check over the facts. A new check is one file and one line here. */
import type { Diagnostic } from "@millrace/core";
import { findCalls } from "../calls/find-calls.js";
import { type Check, type CheckFacts, type Finding, toDiagnostic } from "./check.js";

const CHECKS: readonly Check[] = [];

/** All findings of all checks. */
export function runChecks(facts: Omit<CheckFacts, "calls">): readonly Diagnostic[] {
  const findings: Finding[] = [];
  const all: CheckFacts = { ...facts, calls: findCalls(facts.model) };
  for (const check of CHECKS) check(all, (finding) => findings.push(finding));
  return findings.map((finding) => toDiagnostic(finding, facts.model));
}
