/**
 * The resources of one thread: each class has one instance, opened at its first use and shared by all attempts. Owned by
 * the thread's entry, or by an inline executor; `this.use` of tasks asks it.
 */
import type { Clock } from "@millrace/core";
import { MillraceError, withoutRevealed } from "@millrace/core/thread";
import type { Resource, ResourceClass } from "@millrace/sdk";
import { isResource } from "@millrace/sdk/internal";
import { runOutsideAttempts } from "./attempt-scope.js";
import { asError } from "./outcome.js";
import { settlesWithin } from "./settles-within.js";

/** Instances that stand for resources, by their class. They are given as they are. */
export type ResourceFakes = ReadonlyMap<unknown, object>;

/** Longest time that all resources of a thread have to close, ms. */
export const CLOSE_RESOURCES_MS = 2_000;

/** The resources of one thread. */
export class OpenResources {
  readonly #fakes: ResourceFakes;
  /** In the order of opening. */
  readonly #open = new Map<ResourceClass, Promise<Resource>>();
  #onHold: (() => void) | undefined;

  constructor(fakes: ResourceFakes = new Map()) {
    this.#fakes = fakes;
  }

  /** True while something is open, or is being opened. */
  get holds(): boolean {
    return this.#open.size > 0;
  }

  /** Hears of it when something begins to be held; at once if something is. One listener at a time. */
  set onHold(listener: () => void) {
    this.#onHold = listener;
    if (this.holds) listener();
  }

  /**
   * The instance of a class. Uses that come while it is being opened share the opening; one that failed is forgotten.
   * @throws MillraceError `flow-misuse` for what is no resource, `resource-failed` with the cause.
   */
  async use(target: unknown): Promise<object> {
    const fake = this.#fakes.get(target);
    if (fake) return fake;
    if (!isResource(target)) throw noResource(target);
    return this.#open.get(target) ?? this.#opening(target);
  }

  /**
   * Closes everything, the newest first, and forgets it. Gives what went wrong, as texts for people: throws, and what did not
   * close within `withinMs` in all.
   */
  async close(clock: Clock, withinMs: number = CLOSE_RESOURCES_MS): Promise<readonly string[]> {
    const held = [...this.#open].reverse();
    this.#open.clear();
    if (held.length === 0) return [];
    const problems: string[] = [];
    const closing = runOutsideAttempts(() => closeInTurn(held, problems));
    if (!(await settlesWithin(closing, clock, withinMs)))
      problems.push(`Resources were not closed within ${withinMs} ms: ${held.map(([{ name }]) => name).join(", ")}.`);
    return problems.map(withoutRevealed);
  }

  #opening(target: ResourceClass): Promise<Resource> {
    // Not as code of the attempt that comes first: what it starts outlives that attempt.
    const opening = runOutsideAttempts(() => open(target));
    this.#open.set(target, opening);
    opening.catch(() => {
      if (this.#open.get(target) === opening) this.#open.delete(target);
    });
    this.#onHold?.();
    return opening;
  }
}

async function open(target: ResourceClass): Promise<Resource> {
  try {
    const instance = new target();
    await instance.open?.();
    return instance;
  } catch (cause) {
    throw new MillraceError(
      "resource-failed",
      `The resource ${target.name} could not be opened: ${asError(cause).message}`,
      { hint: "See the cause. The next use opens a new instance.", data: { resource: target.name }, cause },
    );
  }
}

/** Takes what has been closed off the list. */
async function closeInTurn(held: [ResourceClass, Promise<Resource>][], problems: string[]): Promise<void> {
  for (let next = held[0]; next; held.shift(), next = held[0]) {
    const [target, opening] = next;
    try {
      // One that does not open has told its users.
      const instance = await opening.catch(() => undefined);
      await instance?.close?.();
    } catch (thrown) {
      const error = asError(thrown);
      problems.push(`The resource ${target.name} could not be closed: ${error.stack ?? error.message}`);
    }
  }
}

function noResource(target: unknown): MillraceError {
  const name = typeof target === "function" ? target.name : String(target);
  return new MillraceError("flow-misuse", `this.use was given ${name}, which is no resource.`, {
    hint: `Write @resource() before the class, and this.use(TheClass): ${name} itself, not an instance or a base of it.`,
    data: { resource: name },
  });
}
