/** Keeps a step from ending the process that runs it: process.exit, abort and kill of oneself are the step's failure. */
import { MillraceError } from "@millrace/core/thread";
import { currentAttempt } from "./attempt-scope.js";

type Exit = (...args: unknown[]) => never;

let users = 0;
let undo: () => void = () => {};

/** Starts guarding, for this thread; the returned function stops it once everybody who started has stopped. */
export function guardExit(): () => void {
  if (users++ === 0) undo = install();
  let stopped = false;
  return () => {
    if (stopped) return;
    stopped = true;
    if (--users === 0) undo();
  };
}

/**
 * Fails the attempt around the caller and leaves the user's code by a throw. The failure stands even if that code
 * catches the throw and goes on. Does nothing outside any attempt.
 */
function refuseExit(what: string): void {
  const attempt = currentAttempt();
  if (!attempt) return;
  const error = new MillraceError("step-exited", `Task ${attempt.task} (step ${attempt.step}) called ${what}.`, {
    hint: "Throw an error to fail the step, or return to end it; a task must not end the process that runs it.",
    data: { step: attempt.step, task: attempt.task, call: what },
  });
  attempt.fail(error);
  throw error;
}

function install(): () => void {
  const { exit, abort, kill } = process;
  const guardedExit = (code?: number | string | null): never => {
    refuseExit(`process.exit(${code ?? ""})`);
    return (exit as Exit).call(process, code);
  };
  const guardedAbort = (): never => {
    refuseExit("process.abort()");
    return (abort as Exit).call(process);
  };
  const guardedKill = (pid: number, signal?: string | number): true => {
    // Signal 0 only asks whether the process lives; 0 and -pid reach it through its group.
    if (signal !== 0 && (Math.abs(pid) === process.pid || pid === 0))
      refuseExit(`process.kill(${pid}) on its own process`);
    return kill.call(process, pid, signal);
  };
  process.exit = guardedExit;
  process.abort = guardedAbort;
  process.kill = guardedKill;
  return () => {
    if (process.exit === guardedExit) process.exit = exit;
    if (process.abort === guardedAbort) process.abort = abort;
    if (process.kill === guardedKill) process.kill = kill;
  };
}
