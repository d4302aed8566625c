/** What `flow check --format sarif` prints: the part of SARIF 2.1.0 (OASIS) that diagnostics fill. */

/** The document. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly [SarifRun];
}

/** One run of the compiler. */
export interface SarifRun {
  readonly tool: { readonly driver: SarifDriver };
  /** Spans count in UTF-16 units, as TypeScript does. */
  readonly columnKind: "utf16CodeUnits";
  /** What relative addresses are relative to. */
  readonly originalUriBaseIds: { readonly PROJECT: { readonly uri: string } };
  readonly results: readonly SarifResult[];
}

/** The compiler. */
export interface SarifDriver {
  readonly name: "millrace";
  readonly semanticVersion: string;
  /** All codes, found or not, sorted. */
  readonly rules: readonly SarifRule[];
}

/** A code. */
export interface SarifRule {
  readonly id: string;
  readonly shortDescription: SarifText;
  /** Where its page is. */
  readonly help: SarifText;
  readonly defaultConfiguration: { readonly level: SarifLevel };
}

/** A diagnostic. */
export interface SarifResult {
  readonly ruleId: string;
  /** Its place in the driver's rules. */
  readonly ruleIndex: number;
  readonly level: SarifLevel;
  /** The sentence, and the hint in a paragraph of its own. */
  readonly message: SarifText;
  readonly locations: readonly [SarifLocation];
  readonly relatedLocations?: readonly SarifLocation[];
  /** Equal as long as the culprit's line is, wherever it moves in its file. */
  readonly partialFingerprints: { readonly "culpritLine/v1": string };
}

/** A span. */
export interface SarifLocation {
  /** Counts related locations from 0. */
  readonly id?: number;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: "PROJECT" };
    readonly region: {
      readonly startLine: number;
      readonly startColumn: number;
      readonly endLine: number;
      readonly endColumn: number;
    };
  };
  readonly message?: SarifText;
}

/** Text without markup. */
export interface SarifText {
  readonly text: string;
}

/** Severities as SARIF calls them; a hint is a `note`. */
export type SarifLevel = "error" | "warning" | "note";
