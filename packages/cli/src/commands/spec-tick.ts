/** `flow spec tick [selector…]`: a runner of stored flows: one round, or as many as they need. */
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { type Duration, durationMs, EXIT, type ExitCode, formatCount } from "@millrace/core";
import {
  dueFlows,
  type FlowStatus,
  type FolderRecords,
  runStoredFlows,
  type StoredRunOptions,
  type StoredRunReport,
  storedFlow,
} from "@millrace/jobs";
import { statusText } from "../output/spec-text.js";
import { colorsFor, print, printJson, say } from "../output/streams.js";
import {
  type HandlerOptions,
  readSelectors,
  refuseUnknown,
  selectSpecs,
  specHandlers,
  specRecords,
} from "../project/spec-records.js";
import { catchSignals } from "../signals.js";

/** Options of `flow spec tick`. */
export interface SpecTickOptions extends HandlerOptions {
  /** Name of the runner. Default: the host and the process. */
  readonly runner?: string;
  readonly maxFlows?: number;
  readonly maxTicks?: number;
  /** A duration. */
  readonly claim: string;
  /** Go on until all that are meant are over. */
  readonly untilDone?: boolean;
  /** Go on until a signal comes. */
  readonly forever?: boolean;
  /** A duration. */
  readonly tickTimeout?: string;
  /** A duration: pause between two rounds. */
  readonly interval: string;
  /** Say what a round would tick. */
  readonly dryRun?: boolean;
}

/** What all rounds came to. */
interface Rounds {
  readonly rounds: number;
  readonly ticked: ReadonlySet<string>;
  readonly over: readonly { readonly key: string; readonly status: FlowStatus; readonly errors: readonly string[] }[];
  readonly lost: readonly string[];
  /** As of the last round. */
  readonly refused: StoredRunReport["refused"];
  /** Those that are meant and not over. */
  readonly open: readonly string[];
}

/** Ticks flows. Exit code 1 if one of them failed, or cannot be ticked here. */
export async function specTick(selectors: readonly string[], options: SpecTickOptions): Promise<ExitCode> {
  const records = specRecords(options);
  await refuseUnknown(records, selectors);
  const { maxFlows, maxTicks, tickTimeout, runner = `${hostname()}-${process.pid}` } = options;
  const round: StoredRunOptions = {
    ...(await specHandlers(options)),
    runner,
    claimMs: durationMs(options.claim as Duration, "--claim"),
    only: readSelectors(selectors),
    print: say,
    ...(maxFlows === undefined ? {} : { maxFlows }),
    ...(maxTicks === undefined ? {} : { maxTicks }),
    ...(tickTimeout === undefined ? {} : { tickTimeout: durationMs(tickTimeout as Duration, "--tick-timeout") }),
  };
  if (options.dryRun) return tellDue(records, round, options);
  const stop = new AbortController();
  const signals = catchSignals((signal) => {
    say(
      `${signal}: stopping behind the tick that goes on. Once more to stop at once; what is written is safe either way.`,
    );
    stop.abort();
  });
  try {
    const came = await goRound(records, { ...round, signal: stop.signal }, selectors, options);
    if (options.json) printJson({ ...came, ticked: [...came.ticked] });
    else summarise(came);
    const isWell = came.refused.length === 0 && came.over.every(({ status }) => status === "COMPLETED");
    return signals.caught?.exitCode ?? (isWell ? EXIT.success : EXIT.failure);
  } finally {
    signals.release();
  }
}

async function goRound(
  records: FolderRecords,
  round: StoredRunOptions,
  selectors: readonly string[],
  { untilDone, forever, interval, json }: SpecTickOptions,
): Promise<Rounds> {
  const pauseMs = durationMs(interval as Duration, "--interval");
  const [ticked, over, lost] = [new Set<string>(), [] as Rounds["over"][number][], [] as string[]];
  for (let rounds = 1; ; rounds++) {
    const report = await runStoredFlows(records, round);
    for (const key of report.ticked) ticked.add(key);
    lost.push(...report.lost);
    for (const key of report.over) {
      const flow = await storedFlow(records, key);
      // Removed meanwhile.
      if (!flow) continue;
      over.push({ key, status: flow.status, errors: flow.errors.map(({ task, message }) => `${task}: ${message}`) });
      if (!json) tellEnd(over.at(-1) as Rounds["over"][number]);
    }
    const { chosen } = await selectSpecs(records, selectors);
    const open = chosen.filter(({ flow }) => !flow.isOver).map(({ flow }) => flow.key);
    const refused = new Set(report.refused.map(({ key }) => key));
    const isDone = !forever && (!untilDone || open.every((key) => refused.has(key)));
    if (isDone || round.signal?.aborted) return { rounds, ticked, over, lost, refused: report.refused, open };
    // What has ended may be what others wait for.
    if (report.over.length === 0) await pause(pauseMs, undefined, { signal: round.signal }).catch(() => undefined);
  }
}

function tellEnd({ key, status, errors }: Rounds["over"][number]): void {
  print(`${key}: ${statusText(status, colorsFor(process.stdout))}`);
  for (const error of errors) print(`  ${error.replaceAll("\n", "\n  ")}`);
}

function summarise({ ticked, over, lost, refused, open }: Rounds): void {
  for (const { key, reason } of refused) say(`refused: ${key}: ${reason}`);
  for (const key of lost) say(`lost: ${key}: its claim ended before its tick did`);
  const said = [`${formatCount(ticked.size, "flow")} ticked`, `${over.length} over`, `${open.length} open`];
  say(`${said.join(", ")}.`);
}

async function tellDue(records: FolderRecords, round: StoredRunOptions, { json }: SpecTickOptions): Promise<ExitCode> {
  const { due: all, refused } = await dueFlows(records, round);
  const due = all.slice(0, round.maxFlows);
  if (json) printJson({ due, refused });
  else {
    for (const key of due) print(`would tick ${key}`);
    for (const { key, reason } of refused) say(`would refuse ${key}: ${reason}`);
    if (due.length === 0) say("There is nothing to tick.");
  }
  return refused.length === 0 ? EXIT.success : EXIT.failure;
}
