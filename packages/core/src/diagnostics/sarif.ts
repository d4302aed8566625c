/** Diagnostics as SARIF 2.1.0, the format that code scanning services read. Pure; the command line reads files and prints. */
import { createHash } from "node:crypto";
import type { SarifLevel, SarifLocation, SarifLog, SarifResult, SarifRule } from "../json-shapes/sarif-log.js";
import { compareDiagnostics, type Diagnostic, type Span } from "./diagnostic.js";
import { DIAGNOSTICS, type DiagnosticCode, type Severity } from "./diagnostic-codes.js";

/** Where the diagnostics come from. */
export interface SarifOrigin {
  /** Folder that spans are relative to, as a file URL that ends with a slash. */
  readonly rootUrl: string;
  /** Version of the compiler. */
  readonly version: string;
  /** File texts by the spans' paths, as far as they could be read. */
  readonly sources: ReadonlyMap<string, string>;
}

const LEVEL: Readonly<Record<Severity, SarifLevel>> = { error: "error", warning: "warning", hint: "note" };

const CODES = (Object.keys(DIAGNOSTICS) as DiagnosticCode[]).sort(); // the table's own keys

/** The whole document; results are ordered by file and position. */
export function sarifLog(diagnostics: readonly Diagnostic[], { rootUrl, version, sources }: SarifOrigin): SarifLog {
  const seen = new Map<string, number>();
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "millrace", semanticVersion: version, rules: CODES.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { PROJECT: { uri: rootUrl } },
        results: [...diagnostics].sort(compareDiagnostics).map((found) => {
          const line = culpritLine(found, sources);
          const ordinal = seen.get(line) ?? 0;
          seen.set(line, ordinal + 1);
          return resultOf(found, `${line}\n${ordinal}`);
        }),
      },
    ],
  };
}

function ruleOf(code: DiagnosticCode): SarifRule {
  const { severity, summary } = DIAGNOSTICS[code];
  return {
    id: code,
    shortDescription: { text: summary },
    help: { text: `${summary} The page docs/diagnostics/${code}.md shows it, and what to write instead.` },
    defaultConfiguration: { level: LEVEL[severity] },
  };
}

function resultOf({ code, severity, message, hint, span, related }: Diagnostic, culprit: string): SarifResult {
  const relatedLocations = related.map(
    (other, id): SarifLocation => ({ id, ...locationOf(other.span), message: { text: other.message } }),
  );
  return {
    ruleId: code,
    ruleIndex: CODES.indexOf(code),
    level: LEVEL[severity],
    message: { text: hint === undefined ? message : `${message}\n\n${hint}` },
    locations: [locationOf(span)],
    ...(relatedLocations.length > 0 ? { relatedLocations } : {}),
    partialFingerprints: { "culpritLine/v1": createHash("sha256").update(culprit).digest("hex").slice(0, 32) },
  };
}

function locationOf({ file, line, column, endLine, endColumn }: Span): SarifLocation {
  const uri = file.split("/").map(encodeURIComponent).join("/");
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: "PROJECT" },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
  };
}

/** What tells a finding from others, without its position. */
function culpritLine({ code, span, message }: Diagnostic, sources: ReadonlyMap<string, string>): string {
  const line = sources.get(span.file)?.split(/\r?\n/)[span.line - 1];
  return [code, span.file, line?.trim() ?? message].join("\n");
}
