/** A called flow, or a graph inside a graph: a body of its own whose end is one record for the caller. */
import {
  type AbortCause,
  bytesInMemory,
  decodeValue,
  durationMs,
  encodeError,
  formatDuration,
  MillraceError,
  type Ref,
  type RefReader,
  type StepOptions,
} from "@millrace/core";
import { latch } from "../../runs/latch.js";
import type { Body, BodyEnd } from "../../runs/run-scope.js";
import { type Place, type RunHost, refOf, type Unit, type UnitSettled, type Waiting } from "../../steps/unit.js";
import { watchDeadline } from "./flow-deadline.js";

/** Everything a sub-flow needs. */
export interface SubflowSpec {
  /** Default `subflow`. */
  readonly activation?: "subflow" | "graph";
  readonly place: Place;
  /** Encoded; absent if it takes none. */
  readonly params?: Uint8Array;
  /** Those in the parameters. */
  readonly refs: readonly Ref[];
  readonly options: Pick<StepOptions, "timeout">;
  /** Makes the body; called when the sub-flow starts. */
  readonly open: () => Body;
  /** Time that earlier lives have spent in it, ms; undefined if none has begun it. */
  readonly spent: (now: number) => number | undefined;
  readonly host: RunHost;
  readonly onSettled: (fact: UnitSettled) => void;
}

/** One running sub-flow. */
export class SubflowUnit implements Unit {
  readonly #spec: SubflowSpec;
  readonly #gone = latch();
  #body: Body | undefined;
  #startedAt = 0;
  #abort: { readonly cause: AbortCause; readonly message: string } | undefined;
  #overdue: MillraceError | undefined;
  #endDeadline: () => void = () => {};

  constructor(spec: SubflowSpec) {
    this.#spec = spec;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  start(): void {
    const { host, place, params, refs, options } = this.#spec;
    this.#startedAt = host.clock.now();
    if (this.#abort) return this.#ended({ state: "aborted", message: this.#abort.message });
    host.emit({ type: "step-running", step: refOf(place), attempt: 1 });
    const body = this.#spec.open();
    this.#body = body;
    this.#endDeadline = watchDeadline({
      clock: host.clock,
      options,
      spentMs: this.#begun(),
      body,
      over: (error) => {
        this.#overdue = error;
        void body.freeze("body", error.message);
      },
    });
    // A body sees values. The bytes were made by encodeValue from the caller's parameter object.
    const read: RefReader = ({ hash }) => refs.find((ref) => ref.hash === hash)?.value();
    void body.run(params ? (decodeValue(params, read) as object) : {}).then((end) => this.#ended(end));
  }

  standing(): string {
    const inside = this.#body?.inFlight() ?? [];
    const { place, host } = this.#spec;
    const since = this.#body ? `running for ${formatDuration(host.clock.now() - this.#startedAt)}` : "not begun";
    return `${place.node} (${since}${inside.length === 0 ? "" : `: ${inside.join("; ")}`})`;
  }

  waiting(): readonly Waiting[] | undefined {
    return this.#body?.waiting();
  }

  abort(cause: AbortCause, message: string): void {
    if (this.#abort) return;
    this.#abort = { cause, message };
    void this.#body?.freeze(cause, message);
  }

  /** Time that it has spent before, ms. Where time is limited, its beginning is put on record, before anything inside is. */
  #begun(): number {
    const { place, options, spent, host } = this.#spec;
    if (options.timeout === undefined) return 0;
    const spentMs = spent(this.#startedAt);
    if (spentMs !== undefined) return spentMs;
    const due = this.#startedAt + durationMs(options.timeout, "timeout");
    host.append({ kind: "timer", key: place.key, body: place.body, due }, () => {});
    return 0;
  }

  #ended(own: BodyEnd): void {
    this.#endDeadline();
    const { activation = "subflow", place, params, host } = this.#spec;
    // A body that had ended by itself before its time was up keeps its outcome, as after an abort.
    const end: BodyEnd =
      this.#overdue && own.state === "aborted" && this.#abort?.cause !== "process"
        ? { state: "failed", error: encodeError(this.#overdue), blamed: this.#body?.blamed ?? [] }
        : own;
    // A body that had ended by itself before the abort reached it keeps its outcome.
    const cause = end.state === "aborted" ? this.#abort?.cause : undefined;
    if (cause === "process") return this.#gone.resolve();
    const fact = {
      kind: "activation-settled" as const,
      activation,
      ...place,
      state: end.state,
      source: "ran" as const,
      ...(params ? { params: bytesInMemory(params) } : {}),
      attempts: 1,
      steps: this.#body?.steps ?? 0,
      readyAt: this.#startedAt,
      startedAt: this.#startedAt,
      endedAt: host.clock.now(),
      ...(cause ? { cause } : {}),
      ...outcomeOf(end, place, this.#body?.blamed ?? []),
    };
    host.append(fact, (committed) => {
      // append hands back the very fact it was given, with its place in the order.
      this.#spec.onSettled(committed as UnitSettled);
      this.#gone.resolve();
    });
  }
}

function outcomeOf(
  end: BodyEnd,
  place: Place,
  blamed: readonly Place["key"][],
): Partial<Pick<UnitSettled, "value" | "error">> & { blamed?: readonly Place["key"][] } {
  switch (end.state) {
    case "succeeded":
      return { value: bytesInMemory(end.value) };
    case "failed":
      return { error: bytesInMemory(end.error), blamed: end.blamed };
    case "aborted": {
      const message = `${place.node} was aborted: ${end.message}`;
      return {
        error: bytesInMemory(encodeError(new MillraceError("step-aborted", message, { data: { step: place.key } }))),
        ...(blamed.length > 0 ? { blamed } : {}),
      };
    }
  }
}
