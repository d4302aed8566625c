/** The function form at work: hooks, defaults, helpers, flows of both forms, a step that waits to be killed. */
import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { defineFlow, defineTask, Flow, type FlowContext, flow, param, Task, task } from "millrace";
import { Steady } from "./steady.js";

function journal(line: string): void {
  if (process.env.E2E_JOURNAL) appendFileSync(process.env.E2E_JOURNAL, `${line}\n`);
}

/** Fails as often as it is told to, and writes down what is called. */
export const trying = defineTask({
  id: "Trying",
  options: { retry: { attempts: 3 } },
  hooks: {
    onCreate: (p, { info }) => journal(`create ${JSON.stringify(p)} ${info.attempt}`),
    onSuccess: () => journal("success"),
    onFailure: (error, _p, { log }) => {
      log.error("it said %s", error.message);
      journal(`failure ${error.message}`);
    },
    onDestroy: async () => journal("destroy"),
  },
  run: async ({ failures, word = "well" }: { failures: number; word?: string }, { info, log, progress }) => {
    journal("run");
    log.info("attempt %d of %s", info.attempt, info.task);
    progress(0.5, "half");
    if (info.attempt <= failures) throw new Error(`no ${info.attempt}`);
    return `${word} after ${info.attempt}`;
  },
});

/** The same as a class. */
@task({ id: "TryingClass", retry: { attempts: 3 } })
export class TryingClass extends Task<string> {
  @param() failures!: number;
  @param() word = "well";

  override onCreate(): void {
    const { failures, info } = this;
    journal(`create ${JSON.stringify({ failures })} ${info.attempt}`);
  }
  async run(): Promise<string> {
    const { info, word, failures } = this;
    journal("run");
    this.log.info("attempt %d of %s", info.attempt, info.task);
    this.progress(0.5, "half");
    if (info.attempt <= failures) throw new Error(`no ${info.attempt}`);
    return `${word} after ${info.attempt}`;
  }
  override onSuccess(): void {
    journal("success");
  }
  override onFailure(error: Error): void {
    this.log.error("it said %s", error.message);
    journal(`failure ${error.message}`);
  }
  override async onDestroy(): Promise<void> {
    journal("destroy");
  }
}

/** Says when it has begun, and waits for a file unless it is aborted. */
export const waitFor = defineTask({
  id: "WaitFor",
  hooks: { onAbort: (reason, { file }) => journal(`abort of ${file.length > 0}: ${reason.name}`) },
  run: async ({ file }: { file: string }, { log, signal }): Promise<string> => {
    log.info("waiting for the file");
    while (file !== "" && !existsSync(file)) await pause(10, undefined, { signal });
    return "found";
  },
});

async function neighbours(flow: FlowContext, count: number): Promise<string[]> {
  flow.log.info("%d neighbours", count);
  return Promise.all(Array.from({ length: count }, (_, i) => i).map((i) => flow.call(Steady, { label: `n${i}` })));
}

/** A class between two functions. */
@flow()
export class Between extends Flow<string> {
  @param() word!: string;
  async run(): Promise<string> {
    return this.call(trying, { failures: 0, word: this.word });
  }
}

/** Words, each in a step, and a step that may have to wait. */
export const functional = defineFlow({
  id: "Functional",
  run: async (
    {
      words,
      file = "",
      upper = false,
    }: {
      /** What is said. */
      words: string[];
      /** A file to wait for. */
      file?: string;
      upper?: boolean;
    },
    flow,
  ): Promise<string> => {
    const said = await flow.map(words, (label) => flow.call(Steady, { label }), { concurrency: 2 });
    const near = await neighbours(flow, 2);
    const between = await flow.call(Between, { word: said.join("+") });
    const noted = await flow.step("note", () => `${said.length} noted`);
    const found = await flow.call(waitFor, { file });
    const text = [...said, ...near, between, noted, found, flow.info.flow].join(" ");
    return upper ? text.toUpperCase() : text;
  },
});

/** Words, each in a step, and a step that may have to wait. */
@flow()
export class FunctionalClass extends Flow<string> {
  /** What is said. */
  @param() words!: string[];
  /** A file to wait for. */
  @param() file = "";
  @param() upper = false;
  async run(): Promise<string> {
    const { words, file, upper } = this;
    return this.call(functional, { words, file, upper });
  }
}

/** Tries in both forms. */
export const tryBoth = defineFlow({
  id: "TryBoth",
  run: async (p: { failures: number }, flow) => [await flow.call(trying, p), await flow.call(TryingClass, p)],
});
