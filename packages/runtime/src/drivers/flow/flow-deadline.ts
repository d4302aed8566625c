/** The timeout of a flow, of a run and of a sub-flow alike: when its time is up, the error says what it was waiting for. */
import { type Clock, durationMs, type FlowEntry, formatDuration, MillraceError } from "@millrace/core";
import type { Body } from "../../runs/run-scope.js";

/** Names in the message; the data holds all. */
const SHOWN = 5;

/** What is watched. */
export interface FlowDeadline {
  readonly clock: Clock;
  readonly options: Pick<FlowEntry["options"], "timeout">;
  /** Time that has passed before, ms. */
  readonly spentMs: number;
  readonly body: Body;
  /** The time is up. */
  readonly over: (error: MillraceError) => void;
}

/** Watches a body's time; the function returned ends that. */
export function watchDeadline({ clock, options, spentMs, body, over }: FlowDeadline): () => void {
  if (options.timeout === undefined) return () => {};
  const limitMs = durationMs(options.timeout, `timeout of ${body.flow}`);
  return clock.after(Math.max(0, limitMs - spentMs), () => over(flowTimeout(body, limitMs, spentMs)));
}

function flowTimeout(body: Body, limitMs: number, earlierMs: number): MillraceError {
  const waiting = body.inFlight();
  const more = waiting.length > SHOWN ? `, and ${waiting.length - SHOWN} more` : "";
  const where =
    waiting.length === 0
      ? `No step of it was under way. ${body.describe()}`
      : `It was waiting for ${waiting.slice(0, SHOWN).join("; ")}${more}.`;
  const earlier = earlierMs > 0 ? ` (${formatDuration(earlierMs)} of it before the run was resumed)` : "";
  return new MillraceError(
    "flow-timeout",
    `Flow ${body.flow} took longer than its timeout of ${formatDuration(limitMs)}${earlier}. ${where}`,
    {
      hint: 'Raise the option "timeout" of the flow, or find out why its steps take so long: the message says where they stood.',
      data: { flow: body.flow, limitMs, earlierMs, waiting },
    },
  );
}
