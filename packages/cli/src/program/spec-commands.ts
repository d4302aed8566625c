/** Stored flows that are made of specs. */
import { type Command, Option } from "commander";
import type { SpecOptions } from "../project/spec-records.js";
import type { CommandSpecs } from "./command-spec.js";
import { collect, wholeNumber } from "./option-values.js";

/** `flow spec` and what it has. */
export const SPEC_COMMANDS: CommandSpecs = {
  spec: {
    description: "stored flows made of specs: put on record, ticked by runners",
    commands: {
      add: {
        description: "make the flow of a spec and store it; prints its key",
        define: (made, done) =>
          withHandlers(withRecords(made.argument("<file>", "a flow spec (.json)")))
            .option("--key <key>", "key of the flow (default: that of the spec, else a UUID)")
            .option("--data <name=value>", "a member of the flow's data, JSON or a text; can be repeated", collect, [])
            .option("--dry-run", "check the spec, print its tasks, and store nothing")
            .action(async (file: string, options) =>
              done(await (await import("../commands/spec-add.js")).specAdd(file, options)),
            ),
      },
      tick: {
        description: "claim flows, tick each while something can begin, and give them back: one round",
        define: (made, done) =>
          withHandlers(withRecords(withSelectors(made)))
            .option("--until-done", "go round until all that are meant are over")
            .addOption(new Option("--forever", "go round until a signal comes").conflicts("untilDone"))
            .option("--interval <duration>", "pause between two rounds in which nothing ends", "1s")
            .option("--max-flows <n>", "flows that a round claims (default: all)", wholeNumber)
            .option("--max-ticks <n>", "ticks of a flow in a round (default: 500)", wholeNumber)
            .option("--runner <name>", "name of this runner (default: host and process)")
            .option("--claim <duration>", "how long a claim holds that nobody renews", "1m")
            .option("--tick-timeout <duration>", "longest tick of a handler (default: none)")
            .option("--dry-run", "only say which flows a round would tick")
            .action(async (selectors: readonly string[], options) =>
              done(await (await import("../commands/spec-tick.js")).specTick(selectors, options)),
            ),
      },
      list: {
        description: "list the stored flows",
        define: (made, done) =>
          withRecords(withSelectors(made)).action(async (selectors: readonly string[], options: SpecOptions) =>
            done(await (await import("../commands/spec-list.js")).specList(selectors, options)),
          ),
      },
      show: {
        description: "show one stored flow with its tasks and data",
        define: (made, done) =>
          withRecords(made.argument("<key>", "key of the flow")).action(async (key: string, options: SpecOptions) =>
            done(await (await import("../commands/spec-list.js")).specShow(key, options)),
          ),
      },
      rm: {
        description: "remove stored flows, over or not",
        define: (made, done) =>
          withRecords(made.argument("<selector...>", SELECTOR))
            .option("--dry-run", "only say which")
            .action(async (selectors: readonly string[], options: SpecOptions) =>
              done(await (await import("../commands/spec-list.js")).specRemove(selectors, options)),
            ),
      },
    },
  },
};

const SELECTOR = "key, pattern or /expression/; status:, label:";

function withSelectors(made: Command): Command {
  return made.argument("[selector...]", `${SELECTOR} (default: all)`);
}

function withRecords(made: Command): Command {
  return made.option(
    "--records <folder>",
    "folder of the flows (default: millrace.specs.records in package.json, else .flow/flows)",
  );
}

function withHandlers(made: Command): Command {
  return made.option(
    "--handlers <module>",
    "module that exports handlers and transforms (default: millrace.specs.handlers in package.json)",
  );
}
