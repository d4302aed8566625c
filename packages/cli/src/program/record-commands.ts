/** What looks at runs and flows, and takes them away. */
import type { CommonOptions } from "../commands/common-options.js";
import type { CommandSpecs } from "./command-spec.js";
import { collect, oneOf, PICTURES, portNumber } from "./option-values.js";

/** `flow show` and its kin. */
export const RECORD_COMMANDS: CommandSpecs = {
  runs: {
    description: "list the runs, newest first",
    define: (made, done) =>
      made
        .option("--flow <flow>", "only runs of this flow")
        .action(async (options) => done(await (await import("../commands/runs.js")).runs(options))),
  },
  show: {
    description: "show one run and its steps",
    define: (made, done) =>
      made
        .argument("[run]", "id of the run (default: the newest)")
        .action(async (id: string | undefined, options: CommonOptions) =>
          done(await (await import("../commands/show.js")).show(id, options)),
        ),
  },
  logs: {
    description: "print the logs of a run, ordered by time",
    define: (made, done) =>
      made
        .argument("[run]", "id of the run (default: the newest)")
        .argument("[step]", "only this step: node, task, or key")
        .action(async (id: string | undefined, step: string | undefined, options: CommonOptions) =>
          done(await (await import("../commands/logs.js")).logs(id, step, options)),
        ),
  },
  graph: {
    description: "print the graph of a flow, what a run has made of it, or that of a job",
    json: false,
    define: (made, done) =>
      made
        .argument("<flow>", "name of the flow, id of a run, or a file with a job (.yaml) or job graph (.json)")
        .option("--format <format>", PICTURES.join(", "), oneOf(...PICTURES), "mermaid")
        .option("--successors", "what may follow each step, as text or (--json) JSON")
        .option("-o, --output <file>", "write to a file instead of stdout")
        .option("--json", "same as --format json")
        .action(async (flow: string, options) =>
          done(await (await import("../commands/graph.js")).graph(flow, options)),
        ),
  },
  report: {
    description: "write the report of a run, one HTML page: timeline, critical path, attempts, logs, graph",
    define: (made, done) =>
      made
        .argument("[run]", "id of the run (default: the newest)")
        .option("-o, --output <file>", "where to, or - for stdout (default: <run>.html in the current folder)")
        .action(async (id: string | undefined, options) =>
          done(await (await import("../commands/report.js")).report(id, options)),
        ),
  },
  replay: {
    description: "run one step of a run again, with what it was given then and the code of now; or save it as a test",
    define: (made, done) =>
      made
        .argument("<run>", "id of the run")
        .argument("<step>", "the step: its name in `flow show`, node, task or key")
        .option("--inspect [port]", "run it on the main thread, and wait for a debugger first", portNumber)
        .option(
          "--save-test [file]",
          "write it as a Vitest file, and run nothing (default: <step>.replay.test.ts in test/)",
        )
        .action(async (id: string, step: string, options) =>
          done(await (await import("../commands/replay.js")).replay(id, step, options)),
        ),
  },
  plan: {
    description: "say what a resume would restore and what it would run, without running a step",
    define: (made, done) =>
      made
        .argument("[run]", "id of a run, or a flow: its newest run that has not succeeded (default: the newest of all)")
        .option("--reopen", "plan for a run that was cancelled")
        .option("--map <old=new>", "site whose records belong to another one now; can be repeated", collect, [])
        .option(
          "--rerun <site>",
          "do not use the records of a site, nor what stands inside; can be repeated",
          collect,
          [],
        )
        .action(async (name: string | undefined, options) =>
          done(await (await import("../commands/plan.js")).plan(name, options)),
        ),
  },
  why: {
    description: "say why each step of a run ran or was restored when the run last went on",
    define: (made, done) =>
      made
        .argument("[run]", "id of the run (default: the newest)")
        .argument("[step]", "only this step: node, task, or key")
        .action(async (id: string | undefined, step: string | undefined, options: CommonOptions) =>
          done(await (await import("../commands/why.js")).why(id, step, options)),
        ),
  },
  matrix: {
    description: "show which rules of a run produced which, and what no rule matched",
    define: (made, done) =>
      made
        .argument("[run]", "id of a run of rules; default: the newest run")
        .option("--tree", "each token below the firing that gave it")
        .action(async (id: string | undefined, options) =>
          done(await (await import("../commands/matrix.js")).matrix(id, options)),
        ),
  },
  export: {
    description: "write a flow as a job file, or as a job graph (--json), where its calls are known before it runs",
    define: (exported, done) =>
      exported
        .usage("<flow> [options] [--<parameter> <value>]...")
        .argument("<flow>", "name of the flow; its parameters become part of the job")
        .allowExcessArguments()
        .option("--params <file>", "read parameters from a JSON file; flags win")
        .option("--param <name=value>", "set a parameter whose flag is taken by an option of this command", collect, [])
        .option("--name <name>", "name of the job (default: <flow>-job)")
        .option("-o, --output <file>", "write to a file instead of stdout")
        .allowUnknownOption()
        .action(async (flow: string, options) =>
          done(
            await (await import("../commands/export.js")).exportFlow({
              flow,
              parameters: exported.args.slice(1),
              options,
              command: exported,
            }),
          ),
        ),
  },
  rm: {
    description: "delete runs, with their steps, values and logs",
    define: (made, done) =>
      made
        .argument("<run...>", "ids of runs")
        .action(async (ids: readonly string[], options: CommonOptions) =>
          done(await (await import("../commands/rm.js")).rm(ids, options)),
        ),
  },
  gc: {
    description: "delete builds and stored values that no run and no engine needs, and old runs if asked",
    define: (made, done) =>
      made
        .option(
          "--older-than <age>",
          "also runs that succeeded or were cancelled, with nothing newer than this: 30d, 12h",
        )
        .option("--dry-run", "only say what would be deleted")
        .action(async (options) => done(await (await import("../commands/gc.js")).gc(options))),
  },
};
