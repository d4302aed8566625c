/**
 * The lives of one run of a random body: each in a process of its own, which dies at a failpoint or ends by itself, until the run has ended.
 * What stands on the disk is read after each, and judged by `judge-lives.ts`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Fact } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import type { Piece } from "../../engine/random-bodies.js";
import { RUN, randomProject } from "../../engine/random-runs.js";
import { integrityOf, JOURNAL, journal, readFacts } from "../crash-project.js";

const CHILD = join(import.meta.dirname, "child.mjs");

/**
 * How tasks of the project work: a line in the journal, some turns, then a value, now and then an error, both drawn from step, attempt and
 * life. What ran twice would give another value. T2 gives large ones, T3 never succeeds at once.
 */
const PRELUDE = `
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
globalThis.behave ??= async (step, attempt) => {
  appendFileSync("${JOURNAL}", step + "\\n");
  const drawn = createHash("sha256").update([process.env.KILLS_LIFE, step, attempt].join()).digest();
  for (let turns = drawn[0] % 4; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
  const fails = step.includes("#T3@") && attempt === 1 ? 100 : Number(process.env.KILLS_FAILURES);
  if (drawn[1] % 100 < fails) throw new Error("e" + (drawn[2] % 9));
  const x = drawn[3] % 97;
  return step.includes("#T2@") ? { x, filler: "x".repeat(300_000) } : x;
};
`;

/** The project whose runs are killed. */
export function killsProject(): Promise<TestProject> {
  return randomProject({ prelude: PRELUDE, retry: { attempts: 3, delay: 1 } });
}

/** A message that is sent to a run. */
export interface Sent {
  readonly name: string;
  readonly data: number;
}

/** A run, and how its lives end. */
export interface History {
  readonly program: Piece;
  /** Value of MILLRACE_FAILPOINT for each life, as long as there are some; later lives are not killed. */
  readonly failpoints: readonly string[];
  readonly executor: "threads" | "inline";
  /** `hasty` acknowledges before it has written: the fault that the judgement must find. */
  readonly store?: "durable" | "hasty";
  /** Settlements after which the first life closes its engine; never without it. */
  readonly until?: number;
  /** Lives that go on accept another order of the records. */
  readonly accept?: boolean;
  /** Set at the start. */
  readonly breakpoints?: readonly string[];
  /** What is sent after each settlement of a life. */
  readonly messages?: readonly (Sent | undefined)[];
  /** Percentage of attempts that fail. */
  readonly failures?: number;
  /** What tasks answer is drawn from it. */
  readonly seed: number;
}

/** One life. */
export interface KilledLife {
  readonly failpoint: string;
  readonly killed: boolean;
  /** Keys of task steps that began, an attempt each. */
  readonly ran: readonly string[];
  /** Lines of its bodies. */
  readonly trace: readonly string[];
  /** Keys whose outcomes were announced. */
  readonly announced: readonly string[];
  /** The record at its end. */
  readonly facts: readonly Fact[];
  /** SQLite's own verdict on the database. */
  readonly integrity: string;
  /** How the run ended, or stopped; undefined if it was killed. */
  readonly end: { readonly status: string; readonly said: string } | undefined;
}

/** So many lives are enough for any history. */
const MOST_LIVES = 8;

/** Lives a run from its start to its end, in a copy of the project. */
export async function liveThrough(built: TestProject, history: History): Promise<readonly KilledLife[]> {
  await using project = await built.copy();
  const lives: KilledLife[] = [];
  let waiting = [...history.failpoints];
  project.write(JOURNAL, "");
  while (lives.length < MOST_LIVES) {
    const life = await liveOnce(project, history, lives.length, waiting[0] ?? "");
    lives.push(life);
    if (life.killed) waiting = waiting.slice(1);
    // One that was killed after its end is asked once more.
    else if (life.end?.said !== "interrupt") return lives;
  }
  throw new Error(`the run has not ended after ${MOST_LIVES} lives: ${JSON.stringify(lives.map(({ end }) => end))}`);
}

async function liveOnce(project: TestProject, history: History, n: number, failpoint: string): Promise<KilledLife> {
  const { program, executor, store = "durable", accept = false, breakpoints = [], messages = [] } = history;
  const before = journal(project).length;
  const trace = `trace-${n}`;
  project.write(trace, "");
  const until = n === 0 ? history.until : undefined;
  const request = { run: RUN, program, executor, store, until, accept, trace, breakpoints, messages };
  const env = {
    MILLRACE_FAILPOINT: failpoint,
    KILLS_LIFE: `${history.seed} ${n}`,
    KILLS_FAILURES: String(history.failures ?? 0),
  };
  const { code, signal, stderr, json } = await project.node([CHILD, JSON.stringify(request)], { env }).done;
  const killed = signal === "SIGKILL";
  if (!killed && code !== 0) throw new Error(`life ${n} ended with ${String(code)}: ${stderr}`);
  const lines = readFileSync(project.path(trace), "utf8").split("\n").filter(Boolean);
  return {
    failpoint,
    killed,
    ran: journal(project).slice(before),
    trace: lines.filter((line) => !line.startsWith("ack ")),
    announced: lines.flatMap((line) => (line.startsWith("ack ") ? [line.slice(4)] : [])),
    facts: await readFacts(project, RUN),
    integrity: integrityOf(project.path(".flow/state.db")),
    end: killed ? undefined : json<KilledLife["end"]>(),
  };
}
