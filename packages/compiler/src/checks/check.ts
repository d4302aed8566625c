/** What a check is: facts in, findings out. One check, one file; all run, none stops another. */
import { DIAGNOSTICS, type Diagnostic, type DiagnosticCode, type FlowGraph, type RelatedSpan } from "@millrace/core";
import type { Node, SourceFile } from "ts-morph";
import type { FlowCall } from "../calls/find-calls.js";
import type { GenericCall } from "../calls/generic-calls.js";
import type { Callables } from "../flows/callables.js";
import type { Declared } from "../project/declared.js";
import type { ProjectModel } from "../project/model.js";
import type { Declaring } from "../project/read-declared.js";
import type { SdkSymbols } from "../project/sdk-symbols.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { SharedUses } from "../tasks/shared-uses.js";

/** All that was read, judged by nobody yet. */
export interface CheckFacts extends Declaring {
  readonly model: ProjectModel;
  readonly sdk: SdkSymbols;
  /** The files that are looked at: one of them for a check of files, else all. */
  readonly files: readonly SourceFile[];
  /** Of what they declare. */
  readonly facts: readonly DeclarationFacts[];
  /** Of whatever the project declares. */
  factOf(declared: Declared): DeclarationFacts | undefined;
  readonly calls: readonly FlowCall[];
  readonly generics: readonly GenericCall[];
  readonly callables: Callables;
  readonly sharedUses: SharedUses;
  /** By flow id. */
  readonly graphs: ReadonlyMap<string, FlowGraph>;
}

/** A finding as a check reports it. */
export interface Finding {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** The culprit. */
  readonly node: Node;
  readonly related?: readonly { readonly node: Node; readonly message: string }[];
  readonly hint: string;
  readonly data?: Diagnostic["data"];
}

/** Takes one finding. */
export type Report = (finding: Finding) => void;

/** A check. */
export type Check = (facts: CheckFacts, report: Report) => void;

/** A finding as a diagnostic. */
export function toDiagnostic(finding: Finding, model: ProjectModel): Diagnostic {
  const { code, message, node, related = [], hint, data = {} } = finding;
  const others = related.map((other): RelatedSpan => ({ span: model.spanOf(other.node), message: other.message }));
  const { severity } = DIAGNOSTICS[code];
  return { code, severity, message, span: model.spanOf(node), related: others, hint, data };
}
