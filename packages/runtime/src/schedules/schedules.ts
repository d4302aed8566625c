/** The schedules of one engine: read from its manifest and checked before it opens, kept until it closes. */
import { type Clock, type FlowEntry, type Manifest, MillraceError, type RunStore } from "@millrace/core";
import { readSchedule } from "@millrace/core/schedule";
import type { Engine } from "../api/engine.js";
import type { ScheduleEvent } from "../api/schedule-event.js";
import { ScheduledFlow } from "./scheduled-flow.js";

/** What they need. */
export interface SchedulesSetup {
  readonly manifest: Manifest;
  readonly store: RunStore;
  readonly clock: Clock;
  /** Told what happens at each instant; one that throws is not told any more. */
  readonly tell?: ((event: ScheduleEvent) => void) | undefined;
}

/** All of them. */
export class Schedules {
  readonly #setup: SchedulesSetup;
  #tell: ((event: ScheduleEvent) => void) | undefined;
  #flows: readonly ScheduledFlow[] = [];

  constructor(setup: SchedulesSetup) {
    this.#setup = setup;
    this.#tell = setup.tell;
  }

  /** Begins to keep them. @throws what the store throws. */
  async begin(engine: Pick<Engine, "start" | "resume">): Promise<void> {
    const { manifest, store, clock } = this.#setup;
    const tell = (event: ScheduleEvent): void => this.#say(event);
    this.#flows = Object.values(manifest.flows).flatMap(({ id, schedule }) =>
      schedule ? [new ScheduledFlow(id, schedule, { engine, store, clock, tell })] : [],
    );
    await Promise.all(this.#flows.map((flow) => flow.begin()));
  }

  /** Starts nothing more. */
  async stop(): Promise<void> {
    await Promise.all(this.#flows.map((flow) => flow.stop()));
  }

  #say(event: ScheduleEvent): void {
    try {
      this.#tell?.(event);
    } catch (error) {
      this.#tell = undefined;
      console.error("millrace: the listener of schedules failed and is told nothing more:", error);
    }
  }
}

/** Checks that the schedules of a manifest can be kept. @throws MillraceError `invalid-options`. */
export function checkSchedules({ flows }: Manifest): void {
  for (const flow of Object.values(flows)) if (flow.schedule) checkSchedule(flow);
}

function checkSchedule({ id, schedule, params }: FlowEntry): void {
  const read = readSchedule(schedule);
  const issues = "issues" in read ? read.issues : [];
  if (issues.length > 0) {
    const list = issues.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw unkeepable(id, list, "Correct the option, and build the project anew.");
  }
  const required = params.filter((param) => param.required).map(({ name }) => name);
  if (required.length > 0)
    throw unkeepable(id, `nobody gives ${required.join(", ")}`, "Give each of its parameters a default.");
}

function unkeepable(flow: string, why: string, hint: string): MillraceError {
  return new MillraceError("invalid-options", `The schedule of ${flow} cannot be kept: ${why}.`, {
    hint,
    data: { flow, option: "schedule" },
  });
}
