/** What is said of sources: builds, and what a change means. */
import type { CommonOptions } from "../commands/common-options.js";
import type { CommandSpecs } from "./command-spec.js";
import { oneOf } from "./option-values.js";

const REPORT_FORMATS = ["text", "json", "sarif", "github"];

/** `flow build` and its kin. */
export const BUILD_COMMANDS: CommandSpecs = {
  build: {
    description: "read the project and write its build: manifest, types, compiled code",
    define: (made, done) =>
      made.action(async (options: CommonOptions) =>
        done(await (await import("../commands/build.js")).build(options, "build")),
      ),
  },
  check: {
    description: "report what is wrong with the project; write nothing",
    define: (made, done) =>
      made
        .option("--format <format>", REPORT_FORMATS.join(", "), oneOf(...REPORT_FORMATS), "text")
        .action(async (options: CommonOptions) =>
          done(await (await import("../commands/build.js")).build(options, "check")),
        ),
  },
  dev: {
    description: "build now and after every change; Ctrl+C ends it",
    json: false,
    define: (made, done) =>
      made
        .option("--json", "print one JSON document a line on stdout, as things happen")
        .action(async (options: CommonOptions) => done(await (await import("../commands/dev.js")).dev(options))),
  },
  diff: {
    description: "compare the sources with another build or commit: what changed, and what it invalidates",
    define: (made, done) =>
      made
        .argument("[ref]", "a commit, or the start of a build's hash (default: the current build)")
        .option("--markdown", "print Markdown, for a pull request")
        .option("--exit-code", "exit with 1 if anything differs")
        .action(async (ref: string | undefined, options) =>
          done(await (await import("../commands/diff.js")).diff(ref, options)),
        ),
  },
  affected: {
    description: "list the tasks, flows and tests that a change touches",
    define: (made, done) =>
      made
        .option("--since <ref>", "a commit, or the start of a build's hash", "HEAD")
        .option("--tests", "print only the paths of tests, for a test runner")
        .action(async (options) => done(await (await import("../commands/affected.js")).affected(options))),
  },
  doctor: {
    description: "check the installation and the project; say what to do about what is not well",
    define: (made, done) =>
      made.action(async (options: CommonOptions) =>
        done(await (await import("../commands/doctor.js")).doctor(options)),
      ),
  },
};
