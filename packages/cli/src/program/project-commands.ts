/** Projects of commands, and their tasks. */
import { Option } from "commander";
import type { CommonOptions } from "../commands/common-options.js";
import type { CommandSpecs } from "./command-spec.js";
import { collect, oneOf, PICTURES, wholeNumber } from "./option-values.js";

/** `flow project` and its kin. */
export const PROJECT_COMMANDS: CommandSpecs = {
  project: {
    description: "projects of commands: tasks on record, merged from files and run",
    commands: {
      run: {
        description: "merge a file of tasks into the project, and run what there is to run",
        held: true,
        define: (made, done) =>
          made
            .argument("[file]", "tasks (.yaml, .json) or a template of them (.liquid); default: run what is on record")
            .option(
              "--source <name>",
              "the source that owns the tasks (default: path of the file from the project, up to the first dot of its name)",
            )
            .option(
              "--pipeline <name[@version]>",
              "merge the tasks of a pipeline in place of a file (default version: latest)",
            )
            .option("--pipelines <folder>", "look for pipelines in this folder first; can be repeated", collect, [])
            .option("-c, --set <[type:]name=value>", "a setting of the template; can be repeated", collect, [])
            .option("-C, --settings <file>", "settings of the template: YAML or JSON; --set wins")
            .addOption(new Option("--render", "print the rendered file, and stop").conflicts(["build", "merge"]))
            .addOption(new Option("--build", "print its tasks and what they wait for, and stop").conflicts("merge"))
            .option("--merge", "keep the merged project, and stop")
            .option("--retry", "try failed and skipped tasks again")
            .option("--max-concurrency <n>", "tasks that run at once", wholeNumber)
            .action(async (file: string | undefined, options) =>
              done(await (await import("../commands/project-run.js")).projectRun(file, options)),
            ),
      },
      logs: {
        description: "print what tasks of the project have said, in all runs that have tried them",
        define: (made, done) =>
          made
            .argument("<selector...>", "as of `flow tasks`")
            .action(async (selectors: readonly string[], options: CommonOptions) =>
              done(await (await import("../commands/project-logs.js")).projectLogs(selectors, options)),
            ),
      },
      graph: {
        description: "draw the tasks of the project, with what became of them",
        json: false,
        define: (made, done) =>
          made
            .argument("[selector...]", "as of `flow tasks` (default: all)")
            .option("--format <format>", PICTURES.join(", "), oneOf(...PICTURES), "mermaid")
            .option("-o, --output <file>", "write to a file instead of stdout")
            .option("--json", "same as --format json: the node-link document of these tasks")
            .action(async (selectors: readonly string[], options) =>
              done(await (await import("../commands/project-graph.js")).projectGraph(selectors, options)),
            ),
      },
      history: {
        description: "list the tasks that the project has no more, newest first",
        define: (made, done) =>
          made
            .argument("[task]", "only those of this name, pattern or /expression/")
            .action(async (pattern: string | undefined, options: CommonOptions) =>
              done(await (await import("../commands/project-history.js")).projectHistory(pattern, options)),
            ),
      },
      pipelines: {
        description: "list the pipelines that are found",
        define: (made, done) =>
          made
            .option("--pipelines <folder>", "look in this folder first; can be repeated", collect, [])
            .action(async (options) =>
              done(await (await import("../commands/project-pipelines.js")).projectPipelines(options)),
            ),
      },
    },
  },
  tasks: {
    description: "list the tasks of the project, or change them",
    held: true,
    define: (made, done) =>
      made
        .argument(
          "[selector...]",
          "name, pattern or /expression/; state:, tag:, source:; + before or behind: with all around",
        )
        .option("--reset", "run them again, and all that waits for them")
        .option("--retry", "run those again that failed or were skipped")
        .option("--complete", "take them for complete")
        .option("--fail", "take them for failed")
        .option("--remove", "move them to the history")
        .action(async (selectors: readonly string[], options) =>
          done(await (await import("../commands/change-tasks.js")).tasks(selectors, options)),
        ),
  },
  prune: {
    description: "let go of the tasks of the project that their source has no more",
    held: true,
    define: (made, done) =>
      made
        .option("--source <name>", "only those of this source")
        .action(async (options) => done(await (await import("../commands/change-tasks.js")).prune(options))),
  },
};
