/**
 * `npm run nodes`: the suites that depend on Node, on every Node version beside the one that runs the rest; the processes and
 * threads that they start run on it, too. One line for each version, and exit code 1 if a test failed on one.
 * `npm run nodes -- 24 test/store` runs one version, and only files whose path holds a word.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installLocked } from "../../.ci/install-locked.mjs";
import { NODE_VERSIONS, nodeBinary } from "./node-binary.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Of test/e2e what threads, loading of modules, signals and the store have a part in; the rest is about builds and parameters. */
const SUITES = [
  "packages/runtime/src",
  "test/engine",
  "test/executors",
  "test/conformance",
  "test/store",
  "test/values",
  "test/cli",
  "test/e2e/functions",
  "test/e2e/misbehaving",
  "test/e2e/modules",
  "test/e2e/runs",
  "test/e2e/store",
];
/** Where most users are: there, whatever looks at files and processes is tested, too. */
const LONG_TERM = 24;
const MORE = [
  "packages/cli",
  "packages/compiler",
  "packages/core",
  "packages/jobs",
  "packages/sdk",
  "packages/testing",
  "test/compiler",
  "test/crash",
];

installLocked(join(root, "test/nodes"), (text) => console.log(`nodes: ${text}`));
const asked = process.argv.slice(2);
const versions = NODE_VERSIONS.filter((major) => asked.includes(String(major)));
const files = asked.filter((word) => !/^\d+$/.test(word));

for (const major of versions.length > 0 ? versions : NODE_VERSIONS) {
  const node = nodeBinary(major);
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  const { passed, failed, seconds, output } = runSuites(node, files.length > 0 ? files : suitesOf(major));
  if (failed > 0) {
    console.log(output);
    process.exitCode = 1;
  }
  console.log(`Node ${version.slice(1)}: ${passed} passed, ${failed} failed, ${seconds} s`);
}

function suitesOf(major) {
  return major === LONG_TERM ? [...MORE, ...SUITES] : SUITES;
}

/** Runs files of tests on a Node. What failed outside of a test (a module, a leaked error) counts as one failure. */
function runSuites(node, files) {
  const folder = mkdtempSync(join(tmpdir(), "millrace-nodes-"));
  try {
    const report = join(folder, "report.json");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const args = [vitest, "run", "--config", "test/vitest.config.ts", ...reporters, ...files];
    const begun = performance.now();
    const { status, stdout, stderr } = spawnSync(node, args, {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    const seconds = Math.round((performance.now() - begun) / 1_000);
    if (!existsSync(report)) return { passed: 0, failed: 1, seconds, output: stdout + stderr };
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
    const failed = numFailedTests || (status === 0 ? 0 : 1);
    return { passed: numPassedTests, failed, seconds, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
