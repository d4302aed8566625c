/** Notes every resource that is created while it is on, and tells which are still open. Used by detectLeaks. */
import { type AsyncHook, createHook, executionAsyncId, type HookCallbacks } from "node:async_hooks";
import type { Worker } from "node:worker_threads";
import { creatorOf, isPooled, shownFrames } from "./creation-frames.js";
import { type LeakKind, type NodeResource, RESOURCE_KINDS, type ResourceKind } from "./resource-kinds.js";

/** A resource that is open. */
export interface OpenResource {
  readonly kind: LeakKind;
  /** Where it was created, as `at …`: the user's own frames first, those of packages after them. Empty if Node made it by itself, as it does after looking up a server's address. */
  readonly frames: readonly string[];
  /** Name of the test that it was created in, if there was one. */
  readonly test: string | undefined;
}

/** How something came to be. */
interface Creation {
  readonly trace: { readonly stack?: string };
  readonly test: string | undefined;
}

interface Entry extends Creation {
  readonly kind: ResourceKind;
  readonly resource: NodeResource;
  /** The turn that it was created in; with the stack it tells parts of one thing from two things. */
  readonly turn: number;
  /** What Node was working for, in case its stack says nothing: the server of a connection. A copy, or chains would grow. */
  readonly trigger: Creation | undefined;
  /** The Worker of a thread, once it is known. */
  worker?: Worker;
}

/** Parts of a thread or child process: not worth a line of their own. */
const PARTS: ReadonlySet<LeakKind> = new Set(["message-port", "socket"]);
const WHOLES: ReadonlySet<LeakKind> = new Set(["thread", "child-process"]);
const STACK_LIMIT = 40;
const FIRST_SWEEP = 1_000;

/** A watch over the resources of this thread. */
export class ResourceWatch {
  readonly #hook: AsyncHook;
  readonly #testName: () => string | undefined;
  readonly #entries = new Map<number, Entry>();
  #nextSweep = FIRST_SWEEP;

  /** Begins to watch. `testName` tells, at any moment, which test is running. */
  constructor(testName: () => string | undefined) {
    this.#testName = testName;
    const init = (id: number, type: string, trigger: number, resource: object): void => {
      if (type === "PROMISE") return; // by far the most frequent
      const kind = RESOURCE_KINDS.get(type);
      if (!kind) return;
      if (this.#entries.size >= this.#nextSweep) this.#sweep();
      const behind = this.#entries.get(trigger);
      this.#entries.set(id, {
        kind,
        resource,
        trace: captureStack(init),
        turn: executionAsyncId(),
        trigger: behind && { trace: behind.trace, test: behind.test },
        test: this.#testName(),
      });
    };
    // Node 24 can leave promises out altogether; older ones do not know the option.
    const callbacks: HookCallbacks & { trackPromises: boolean } = { init, trackPromises: false };
    this.#hook = createHook(callbacks).enable();
    process.on("worker", this.#onWorker);
  }

  /** Ends the watch: what is created from now on is not seen. */
  stop(): void {
    this.#hook.disable();
    process.off("worker", this.#onWorker);
  }

  /** What is open now and was made by the code under test. */
  open(): readonly OpenResource[] {
    const entries = [...this.#entries.values()].filter((entry) => isOpen(entry) && isOfCode(entry));
    const whole = new Set(entries.filter((entry) => WHOLES.has(kindOf(entry))).map(placeOf));
    return entries
      .filter((entry) => !(PARTS.has(kindOf(entry)) && whole.has(placeOf(entry))))
      .map((entry) => ({ kind: kindOf(entry), frames: framesFor(entry), test: entry.test ?? entry.trigger?.test }));
  }

  /** Forgets what has closed, whenever twice as much has been noted as was open last time. */
  #sweep(): void {
    for (const [id, entry] of this.#entries) {
      if (!isOpen(entry)) this.#entries.delete(id);
    }
    this.#nextSweep = Math.max(FIRST_SWEEP, this.#entries.size * 2);
  }

  /** Node tells of a Worker one tick after its thread was created. */
  #onWorker = (worker: Worker): void => {
    for (const entry of this.#entries.values()) {
      if (entry.resource.threadId === worker.threadId) entry.worker = worker;
    }
  };
}

function captureStack(above: (...args: never[]) => void): { readonly stack?: string } {
  const trace = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_LIMIT;
  // Text is made of it only if somebody reads it.
  Error.captureStackTrace(trace, above);
  Error.stackTraceLimit = limit;
  return trace;
}

function isOpen({ kind, resource, worker, trace }: Entry): boolean {
  if (kind.isOpen(resource)) return true;
  // An engine that was not closed keeps its threads, though they let the process end.
  return worker !== undefined && worker.threadId !== -1 && isPooled(trace.stack ?? "");
}

function kindOf({ kind, resource }: Entry): LeakKind {
  return kind.kindOf(resource);
}

/** The creation that tells who it was: its own, or that of what Node was working for. */
function toldBy(entry: Entry): Creation {
  const unknown = creatorOf(entry.trace.stack ?? "") === "unknown";
  return unknown && entry.trigger ? entry.trigger : entry;
}

function isOfCode(entry: Entry): boolean {
  return creatorOf(toldBy(entry).trace.stack ?? "") !== "runner";
}

function framesFor(entry: Entry): readonly string[] {
  return shownFrames(toldBy(entry).trace.stack ?? "");
}

function placeOf(entry: Entry): string {
  return JSON.stringify([entry.turn, framesFor(entry)]);
}
