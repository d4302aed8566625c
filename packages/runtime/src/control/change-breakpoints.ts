/** Changes the breakpoints of a run from outside: through its owner, or on the record if nobody owns it. */
import { randomUUID } from "node:crypto";
import {
  type BreakpointChanged,
  type Clock,
  decodeValue,
  encodeValue,
  type RunId,
  type RunStore,
  readSelector,
} from "@millrace/core";
import { putOnRecord } from "./put-on-record.js";

/** What is changed. */
export interface BreakpointChange extends Pick<BreakpointChanged, "change" | "selector"> {
  readonly run: RunId;
  readonly clock: Clock;
}

/** A request that asks the owner for a change. */
type ChangeRequest = Pick<BreakpointChanged, "id" | "change" | "selector">;

/** Resolves when the change is on record; says who put it there. @throws MillraceError `unknown-run`, `run-over`, `usage`. */
export function changeBreakpoints(store: RunStore, asked: BreakpointChange): Promise<"owner" | "sender"> {
  const { run, clock, change, selector } = asked;
  if (selector !== undefined) readSelector(selector);
  const request: ChangeRequest = { id: randomUUID(), change, ...(selector === undefined ? {} : { selector }) };
  return putOnRecord(store, {
    run,
    clock,
    request: { kind: "break", name: change, value: encodeValue(request) },
    fact: { kind: "breakpoint", ...request },
  });
}

/** What a request asks for. */
export function readChange(request: Uint8Array): ChangeRequest {
  return decodeValue(request) as ChangeRequest; // made by encodeValue above
}
