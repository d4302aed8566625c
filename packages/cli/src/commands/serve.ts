/** `flow serve`: keeps the schedules of a project, and the runs that wait in it. */
import {
  bug,
  EXIT,
  type ExitCode,
  errorSummary,
  type FlowEntry,
  formatCount,
  type RunStore,
  type ServedSchedule,
  type ServeLine,
} from "@millrace/core";
import { Timetable } from "@millrace/core/schedule";
import { consoleObserver, type Engine, openEngine, projectObservers, type ScheduleEvent } from "@millrace/runtime";
import { accessToken } from "../http/access-token.js";
import { openApiServer } from "../http/api-server.js";
import { RunFeed } from "../http/run-feed.js";
import { runRoutes } from "../http/run-routes.js";
import { zoneTime } from "../output/run-text.js";
import { colorsFor, printLine, say } from "../output/streams.js";
import { tableLines } from "../output/table.js";
import { ensureBuild } from "../project/ensure-build.js";
import { type CommandPlace, placeOfCommand } from "../project/place-of-command.js";
import { catchSignals } from "../signals.js";
import type { CommonOptions } from "./common-options.js";
import type { EngineFlags } from "./drive-run.js";
import { giveSpecFunctions } from "./give-spec-functions.js";
import { keepRuns, type RunsKept } from "./keep-runs.js";
import { withStore } from "./open-store.js";

/** Options of `flow serve`. */
export interface ServeOptions extends CommonOptions, Pick<EngineFlags, "maxConcurrency" | "threads"> {
  /** Port for requests; none are answered without. */
  readonly http?: number;
}

type ScheduledFlow = FlowEntry & { readonly schedule: NonNullable<FlowEntry["schedule"]> };

/** Starts flows when their time comes, and goes on with runs that wait or whose process is gone, until SIGINT or SIGTERM. */
export async function serve(options: ServeOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const { flows } = await ensureBuild(place);
  const scheduled = Object.values(flows).filter((flow): flow is ScheduledFlow => flow.schedule !== undefined);
  process.setSourceMapsEnabled(true);
  const zones = new Map(scheduled.map(({ id, schedule }) => [id, schedule.timezone]));
  const { maxConcurrency, threads, http } = options;
  tellSchedules(scheduled, options);
  const feed = new RunFeed();
  const engine = await openEngine({
    cwd: place.root,
    ...(scheduled.length === 0
      ? {}
      : { schedules: (event) => tellEvent(event, zones.get(event.flow) ?? "UTC", options) }),
    observers: [...(await projectObservers(place.root)), consoleObserver(), ...(http === undefined ? [] : [feed])],
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(threads === undefined ? {} : { threads }),
  });
  const closing: (() => unknown)[] = [() => engine.close()];
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const signals = catchSignals((signal) => {
    say(`${signal}: stopping. Once more to stop at once; what is recorded is safe either way.`);
    stop();
  });
  try {
    await giveSpecFunctions(engine);
    if (http !== undefined) closing.unshift(await answerRequests(http, { engine, feed, place }, options));
    closing.unshift(keepRuns(engine, runsKept(options)));
    await stopped;
    for (const close of closing.splice(0)) await close();
    if (options.json) printLine({ event: "stopped" });
    return signals.caught?.exitCode ?? EXIT.success;
  } finally {
    for (const close of closing) await close();
    signals.release();
  }
}

/** @returns what ends it. @throws MillraceError `usage`, `state-dir-unusable`. */
async function answerRequests(
  port: number,
  { engine, feed, place }: { readonly engine: Engine; readonly feed: RunFeed; readonly place: CommandPlace },
  options: ServeOptions,
): Promise<() => Promise<void>> {
  const { token, where } = accessToken(place.stateDir);
  const look = async <T>(ask: (store: RunStore) => Promise<T>): Promise<T> => {
    const seen = await withStore(place, ask);
    // The engine has opened it: there is one.
    if (seen === undefined) throw bug("the store of a served project is gone");
    return seen;
  };
  const server = await openApiServer({ port, token, routes: runRoutes({ engine, feed, look }) });
  if (options.json) printLine({ event: "listening", url: server.url, token: where });
  say(`Answering requests at ${server.url}, with the token in ${where}.`);
  return server.close;
}

function runsKept(options: ServeOptions): RunsKept {
  return {
    resumed: ({ id, flow }) => {
      if (options.json) printLine({ event: "resumed", flow, run: id });
      say(`${flow} goes on: run ${id}`);
    },
    left: ({ id, flow }, error) => {
      if (options.json) printLine({ event: "left", flow, run: id, error: errorSummary(error) });
      say(colorsFor(process.stderr).red(`${flow} is left as it is: run ${id} cannot go on here. ${error.message}`));
    },
  };
}

function tellSchedules(flows: readonly ScheduledFlow[], options: CommonOptions): void {
  const now = Date.now();
  const schedules = flows.map(
    ({ id, schedule }): ServedSchedule => ({ flow: id, ...schedule, next: new Timetable(schedule).next(now) ?? null }),
  );
  if (options.json) printLine({ event: "serving", schedules });
  const rows = schedules.map(({ flow, cron, timezone, overlap, next }) => [
    flow,
    next === null ? "never" : zoneTime(next, timezone),
    cron,
    timezone,
    overlap,
  ]);
  const columns = ["FLOW", "NEXT", "SCHEDULE", "ZONE", "OVERLAP"].map((title) => ({ title }));
  const table = rows.length === 0 ? ["No flow of this project has a schedule."] : tableLines(columns, rows);
  say([...table, "Serving schedules and runs that wait; Ctrl+C ends it."].join("\n"));
}

function tellEvent(event: ScheduleEvent, zone: string, options: CommonOptions): void {
  if (options.json) printLine(lineOf(event));
  say(eventText(event, zone));
}

function lineOf(event: ScheduleEvent): ServeLine {
  if (event.type === "failed") {
    const { flow, instant, error } = event;
    return { event: "failed", flow, instant, error: errorSummary(error) };
  }
  const { type, ...fields } = event;
  // Safe: a line has the fields of its event, whose type it calls `event`.
  return { event: type, ...fields } as ServeLine;
}

function eventText(event: ScheduleEvent, zone: string): string {
  const colors = colorsFor(process.stderr);
  switch (event.type) {
    case "started":
      return `${event.flow} of ${zoneTime(event.instant, zone)}: run ${event.run}`;
    case "skipped":
      return colors.yellow(
        `${event.flow} of ${zoneTime(event.instant, zone)} is left out: run ${event.run} still goes.`,
      );
    case "missed": {
      const { flow, count, more, first, last, madeUp } = event;
      const times = first === last ? zoneTime(last, zone) : `${zoneTime(first, zone)} to ${zoneTime(last, zone)}`;
      return colors.yellow(
        `${flow} missed ${more ? "more than " : ""}${formatCount(count)} (${times}); ${madeUp === 0 ? "none is" : `${formatCount(madeUp)} ${madeUp === 1 ? "is" : "are"}`} made up for.`,
      );
    }
    case "failed":
      return colors.red(`${event.flow} of ${zoneTime(event.instant, zone)} was not started: ${event.error.message}`);
  }
}
