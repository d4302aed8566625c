/** `this.map`: a callback for each item, each in a frame of its own. The first failure aborts the rest before it rejects, or each end is told. */
import { MillraceError, type Site, type StepKey } from "@millrace/core";
import { currentFrame, type MapRequest, runInFrame } from "@millrace/sdk/internal";
import { blame, blamed } from "./blame.js";
import type { IssueWindow } from "./issue-window.js";
import { successful, unsuccessful } from "./outcome.js";

/** What the map needs of its body. */
export interface MapHost {
  readonly site: Site;
  /** Identity of this execution, for frames. */
  readonly execution: object;
  /** The number of items is known. */
  started(total: number): void;
  /** Aborts everything issued under this execution, and names it. */
  abort(message: string): readonly StepKey[];
  /** Holds back items of a map without a concurrency of its own. */
  readonly window: IssueWindow;
}

/** One execution of a map. */
export class FlowMap {
  readonly #request: MapRequest;
  readonly #host: MapHost;
  readonly #outer = currentFrame();
  /** What decides how the map ends, once something does. */
  #failure: { readonly error: unknown } | undefined;
  /** What failed after the first failure or was aborted by it: tried again with it, or a resume would meet these ends again. */
  readonly #taken = new Set<StepKey>();
  /** Begins what may begin, and settles the map if nothing is left. */
  #goOn: () => void = () => {};

  constructor(request: MapRequest, host: MapHost) {
    this.#request = request;
    this.#host = host;
  }

  /** Runs all items. Results stand in the order of the items. */
  async run(): Promise<unknown[]> {
    const items = [...this.#request.items];
    const keyOf = itemKeys(items, this.#request, this.#host.site);
    const { width, collects } = this.#options();
    const { window } = this.#host;
    this.#host.started(items.length);
    const results: unknown[] = new Array(items.length);
    // Plain callbacks: a map may hold many items open, and each promise costs memory and, where contexts are followed, time.
    await new Promise<void>((resolve) => {
      let next = 0;
      let open = 0;
      const fill = (): void => {
        while (next < items.length && !this.#failure) {
          if (width === undefined && !window.hasRoom) return window.whenRoom(fill);
          if (open === width) return;
          begin(next++);
        }
        if (open === 0) resolve();
      };
      const begin = (index: number): void => {
        open += 1;
        this.#item(items[index], index, keyOf(index)).then(
          (result) => end(index, collects ? successful(result) : result),
          (error) => {
            if (!collects) this.#fail(error);
            end(index, collects ? unsuccessful(error) : undefined);
          },
        );
      };
      const end = (index: number, result: unknown): void => {
        results[index] = result;
        open -= 1;
        fill();
      };
      this.#goOn = fill;
      fill();
    });
    if (this.#failure) throw blame(this.#failure.error, this.#taken);
    return results;
  }

  /** Nobody waits for it any more: aborts what its items have begun, and names it. No item begins from now on. */
  end(message: string): readonly StepKey[] {
    this.#failure ??= {
      error: new MillraceError("step-aborted", `The map at ${this.#host.site} was aborted: ${message}`),
    };
    const aborted = this.#host.abort(message);
    this.#goOn();
    return aborted;
  }

  #item(item: unknown, index: number, key: string): Promise<unknown> {
    const { site, execution } = this.#host;
    return runInFrame({ site, item: { key, execution }, parent: this.#outer }, () =>
      called(this.#request.fn, item, index),
    );
  }

  #fail(error: unknown): void {
    if (this.#failure) for (const key of blamed(error)) this.#taken.add(key);
    else {
      this.#failure = { error };
      for (const key of this.#host.abort("another item of the same map failed")) this.#taken.add(key);
    }
  }

  #options(): { readonly width: number | undefined; readonly collects: boolean } {
    const { concurrency: width, onError = "fail-fast" } = this.#request.options;
    const data = { site: this.#host.site };
    if (width !== undefined && !(Number.isInteger(width) && width >= 1)) {
      throw new MillraceError(
        "invalid-options",
        `map: concurrency is ${String(width)}, which is no whole number from 1.`,
        {
          hint: "Give a whole number, or leave it out: then items begin as long as fewer than 1,000 steps are open.",
          data,
        },
      );
    }
    if (onError !== "fail-fast" && onError !== "collect") {
      throw new MillraceError("invalid-options", `map: onError is ${JSON.stringify(onError)}.`, {
        hint: 'Write "fail-fast" or "collect", or leave it out.',
        data,
      });
    }
    return { width, collects: onError === "collect" };
  }
}

/** What a callback gives or throws, as a promise. */
function called(fn: MapRequest["fn"], item: unknown, index: number): Promise<unknown> {
  try {
    return Promise.resolve(fn(item, index));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** Gives the key of each item: by the option, else the property that the build saw in the item's type, else the index. */
function itemKeys(items: readonly unknown[], request: MapRequest, site: Site): (index: number) => string {
  const { options, itemKey } = request;
  if (options.key) {
    const keys = distinct(
      items.map((item, index) => String(options.key?.(item, index))),
      site,
    );
    return (index) => keys[index] as string;
  }
  if (itemKey === undefined) return String;
  return (index) => String((items[index] as Record<string, unknown> | null | undefined)?.[itemKey] ?? index);
}

/** The keys. @throws MillraceError `flow-misuse` if two are equal. */
function distinct(keys: readonly string[], site: Site): readonly string[] {
  const seen = new Map<string, number>();
  for (const [index, key] of keys.entries()) {
    const first = seen.get(key);
    if (first !== undefined) {
      throw new MillraceError("flow-misuse", `map: items ${first} and ${index} have the same key "${key}".`, {
        hint: "The option `key` must name each item of the list differently, or be left out.",
        data: { site, key, first, second: index },
      });
    }
    seen.set(key, index);
  }
  return keys;
}
