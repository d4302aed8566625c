/** Reports graph coverage when the tests are over, and fails the test run below its thresholds. Used by the plugin. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readManifest, STATE_PATHS } from "@millrace/core";
import type { Reporter } from "vitest/node";
import {
  type CoverageThresholds,
  coverageDocument,
  coverageFailures,
  coverageTable,
} from "../graph-coverage/coverage-report.js";
import { readWitnesses } from "../graph-coverage/witness-file.js";

/** How graph coverage is reported. */
export interface GraphCoverageOptions {
  /** Percentages that each flow must reach; below, the test run fails. */
  readonly thresholds?: CoverageThresholds;
  /** Where the document is written, relative to the project. Default `.flow/graph-coverage.json`. */
  readonly file?: string;
}

/** A Vitest reporter beside the others. */
export class CoverageReporter implements Reporter {
  /** Where workers write. */
  readonly dir: string = mkdtempSync(join(tmpdir(), "millrace-coverage-"));
  readonly #stateDir: string;
  readonly #file: string;
  readonly #thresholds: CoverageThresholds;

  constructor(stateDir: string, { thresholds = {}, file }: GraphCoverageOptions) {
    this.#stateDir = stateDir;
    this.#file = file === undefined ? join(stateDir, "graph-coverage.json") : join(dirname(stateDir), file);
    this.#thresholds = thresholds;
  }

  onTestRunStart(): void {
    rmSync(this.dir, { recursive: true, force: true });
    mkdirSync(this.dir, { recursive: true });
  }

  onTestRunEnd(): void {
    const manifestFile = join(this.#stateDir, STATE_PATHS.manifest);
    const manifest = readManifest(readFileSync(manifestFile, "utf8"), manifestFile);
    const document = coverageDocument(manifest, readWitnesses(this.dir));
    rmSync(this.dir, { recursive: true, force: true });
    writeFileSync(this.#file, `${JSON.stringify(document, null, 2)}\n`);
    console.log(`\n${coverageTable(document)}\n`);
    for (const failure of coverageFailures(document, this.#thresholds)) {
      console.error(failure);
      process.exitCode = 1;
    }
  }
}
