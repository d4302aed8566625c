/** `flow cancel <run>`. */
import { EXIT, type ExitCode, systemClock } from "@millrace/core";
import { printJson, say } from "../output/streams.js";
import { placeOfCommand } from "../project/place-of-command.js";
import type { CommonOptions } from "./common-options.js";
import { withStore } from "./open-store.js";
import { noSuchRun, runOrNewest } from "./run-or-newest.js";

/** Options of `flow cancel`. */
export interface CancelOptions extends CommonOptions {
  /** Kept in the record. */
  readonly reason?: string;
}

/** Cancels a run, wherever it runs, and waits until it has ended. Exit code 1 if it came to another end first. */
export async function cancel(id: string, { reason = "by flow cancel", ...options }: CancelOptions): Promise<ExitCode> {
  const place = placeOfCommand(options.cwd);
  const { cancelRun } = await import("@millrace/runtime");
  const ended = await withStore(place, async (store) => {
    const { id: run } = runOrNewest(await store.list(), id);
    return cancelRun(store, {
      run,
      reason,
      clock: systemClock,
      asked: ({ pid }) => sayAsked(run, pid),
      slow: ({ pid }) => saySlow(run, pid),
    });
  });
  if (ended === undefined) throw noSuchRun(id, []);
  if (options.json) printJson({ runId: ended.id, state: ended.state });
  else if (ended.state === "aborted") say(`Run ${ended.id} is cancelled.`);
  else say(`Run ${ended.id} came to its end first: it has ${ended.state}.`);
  return ended.state === "aborted" ? EXIT.success : EXIT.failure;
}

function sayAsked(run: string, pid: number): void {
  say(`Run ${run} was asked to end (process ${pid}); its tasks have their grace.`);
}

function saySlow(run: string, pid: number): void {
  say(
    `Run ${run} has not ended yet: a task uses its grace, or the flow's own code holds process ${pid}. ` +
      `\`kill -9 ${pid}\` ends that process; what is recorded is safe, and this command then ends the run.`,
  );
}
