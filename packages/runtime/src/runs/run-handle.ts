/** A run as whoever started it has it: asks and tells it things, and hears of it. */
import { randomUUID } from "node:crypto";
import {
  encodeFor,
  type ReadFacts,
  type RunEvent,
  type RunId,
  type RunState,
  readSelector,
  type StepTotals,
} from "@millrace/core";
import type { RecordedStep } from "../api/recorded-step.js";
import type { Run, RunBreakpoints, SharedView } from "../api/run.js";
import type { RunOutcome } from "../api/run-outcome.js";
import type { StreamPart } from "../api/stream-part.js";
import { type Code, nameOf } from "../builds/code.js";
import type { RunShared } from "../shared/run-shared.js";
import { sharedView } from "../shared/shared-view.js";
import type { BreakpointGate } from "./breakpoint-gate.js";
import { checkMessage } from "./check-message.js";
import { readSteps } from "./read-steps.js";
import type { RunEnding } from "./run-ending.js";
import type { RunInbox } from "./run-inbox.js";
import type { RunVoice } from "./run-voice.js";
import { suspendedError } from "./suspended-error.js";

/** What a handle holds. What a later life of the run replaces is asked for anew. */
export interface HandledRun {
  readonly id: RunId;
  readonly flow: string;
  readonly code: Code;
  readonly ending: RunEnding;
  readonly voice: RunVoice;
  readonly inbox: RunInbox;
  gate(): BreakpointGate;
  shared(): RunShared;
  readonly facts: ReadFacts;
  cancel(reason: string): Promise<void>;
}

/** The handle of one run. */
export class RunHandle implements Run {
  readonly id: RunId;
  readonly flow: string;
  readonly shared: SharedView;
  readonly #run: HandledRun;

  constructor(run: HandledRun) {
    this.id = run.id;
    this.flow = run.flow;
    this.shared = sharedView(() => run.shared());
    this.#run = run;
  }

  get state(): RunState {
    return this.#run.ending.state;
  }

  get totals(): StepTotals {
    return this.#run.voice.totals;
  }

  get breakpoints(): RunBreakpoints {
    const { selectors, stepping, held } = this.#run.gate().breakpoints;
    return { selectors, stepping, held: held.map(({ key, node, task }) => ({ key, node, task })) };
  }

  async result(): Promise<unknown> {
    const outcome = await this.#run.ending.outcome;
    if (outcome.status === "succeeded") return outcome.value;
    if (outcome.status !== "suspended") throw outcome.error;
    throw outcome.error ?? suspendedError(this.id, outcome.reason, outcome.message);
  }

  outcome(): Promise<RunOutcome> {
    return this.#run.ending.outcome;
  }

  events(): AsyncIterable<RunEvent> {
    return this.#run.voice.listen();
  }

  steps(): AsyncIterable<RecordedStep> {
    return readSteps(this.id, this.#run.facts);
  }

  stream(step: unknown): AsyncIterable<StreamPart> {
    return this.#run.voice.listenTo(nameOf(step));
  }

  async send(name: string, data?: unknown): Promise<void> {
    const { id, flow, code, ending, inbox } = this.#run;
    if (!ending.decided) checkMessage(code.manifest, { run: id, flow, name, data });
    await inbox.receive(name, encodeFor(`the message "${name}" to run ${id}`, "data", data), randomUUID());
  }

  async break(selector: string): Promise<void> {
    readSelector(selector);
    await this.#run.inbox.change({ id: randomUUID(), change: "set", selector });
  }

  async unbreak(selector?: string): Promise<void> {
    const named = selector === undefined ? {} : { selector };
    await this.#run.inbox.change({ id: randomUUID(), change: "drop", ...named });
  }

  async continue({ step = false }: { readonly step?: boolean } = {}): Promise<void> {
    await this.#run.inbox.change({ id: randomUUID(), change: step ? "step" : "continue" });
  }

  cancel(reason = "cancelled"): Promise<void> {
    return this.#run.cancel(reason);
  }
}
