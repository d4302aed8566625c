/** Runs that did not come to their end, and the command that goes on with each. */
import { formatCount, type RunSummary } from "@millrace/core";
import { reached } from "../attempt.js";
import { type Check, ok, warning } from "../check.js";

/** Commands that are printed; --json has all. */
const SHOWN = 3;

export const runs: Check = (site) => {
  const all = reached(reached(site.project)?.store)?.runs;
  if (all === undefined) return undefined;
  const owned = all.filter(({ owner }) => owner !== undefined);
  const idle = all.filter(isLeftBehind);
  const failed = all.filter(({ state }) => state === "failed").length;
  const parts = [
    ...owned.slice(0, SHOWN).map(({ id, owner }) => `${id} runs in process ${owner?.pid} on ${owner?.host}`),
    ...(owned.length > SHOWN ? [`${owned.length - SHOWN} more run`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
  ];
  if (idle.length === 0)
    return ok(parts.length === 0 ? "none is unfinished" : `none is left behind; ${parts.join("; ")}`);
  const left = idle.slice(0, SHOWN).map((run) => `${run.id} (${standing(run)})`);
  const more = idle.length > SHOWN ? `, ${idle.length - SHOWN} more` : "";
  return warning(
    [`${formatCount(idle.length, "run")} left behind: ${left.join(", ")}${more}`, ...parts].join("; "),
    `Go on with: ${idle
      .slice(0, SHOWN)
      .map(({ id }) => `flow resume ${id}`)
      .join(", ")}`,
    { runs: idle.map(({ id, flow, state, reason }) => ({ id, flow, state, reason: reason ?? null })) },
  );
};

/** No process has it, and it waits for nothing but a process. */
function isLeftBehind({ state, reason, owner }: RunSummary): boolean {
  if (owner !== undefined) return false;
  return state === "running" || (state === "suspended" && reason !== "wait");
}

function standing({ state, reason }: RunSummary): string {
  return state === "running" ? "lost: its process is gone" : `suspended: ${reason}`;
}
