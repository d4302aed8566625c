/** `this.map`: a callback for each item, each in a frame of its own. The first failure aborts the rest before it rejects, or each end is told. */
import { MillraceError, type Site, type StepKey } from "@millrace/core";
import { currentFrame, type MapRequest, runInFrame } from "@millrace/sdk/internal";
import { blame, blamed } from "./blame.js";
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
}

/** Runs the map. Results stand in the order of the items. */
export async function runMap(request: MapRequest, host: MapHost): Promise<unknown[]> {
  const items = [...request.items];
  const keys = itemKeys(items, request, host.site);
  const width = request.options.concurrency ?? items.length;
  if (request.options.concurrency !== undefined && !(Number.isInteger(width) && width >= 1)) {
    throw new MillraceError(
      "invalid-options",
      `map: concurrency is ${String(width)}, which is no whole number from 1.`,
      {
        hint: "Give a whole number, or leave it out: then all items are issued at once.",
        data: { site: host.site },
      },
    );
  }
  const { onError = "fail-fast" } = request.options;
  if (onError !== "fail-fast" && onError !== "collect") {
    throw new MillraceError("invalid-options", `map: onError is ${JSON.stringify(onError)}.`, {
      hint: 'Write "fail-fast" or "collect", or leave it out.',
      data: { site: host.site },
    });
  }
  host.started(items.length);
  const outer = currentFrame();
  const results: unknown[] = new Array(items.length);
  let failure: { readonly error: unknown } | undefined;
  /** What failed after the first failure or was aborted by it: tried again with it, or a resume would meet these ends again. */
  const taken = new Set<StepKey>();
  const succeeded = (index: number, result: unknown): void => {
    results[index] = onError === "collect" ? successful(result) : result;
  };
  const failed = (index: number, error: unknown): void => {
    if (onError === "collect") results[index] = unsuccessful(error);
    else if (!failure) {
      failure = { error };
      for (const key of host.abort("another item of the same map failed")) taken.add(key);
    } else for (const key of blamed(error)) taken.add(key);
  };
  // Plain callbacks: a map may hold many items open, and each promise costs memory and, where contexts are followed, time.
  await new Promise<void>((resolve) => {
    let next = 0;
    let open = 0;
    const fill = (): void => {
      while (open < width && next < items.length && !failure) begin(next++);
      if (open === 0) resolve();
    };
    const begin = (index: number): void => {
      open += 1;
      const item = { key: keys[index] ?? String(index), execution: host.execution };
      runInFrame({ site: host.site, item, parent: outer }, () => called(request.fn, items[index], index)).then(
        (result) => {
          succeeded(index, result);
          end();
        },
        (error) => {
          failed(index, error);
          end();
        },
      );
    };
    const end = (): void => {
      open -= 1;
      fill();
    };
    fill();
  });
  if (failure) throw blame((failure as { readonly error: unknown }).error, taken);
  return results;
}

/** What a callback gives or throws, as a promise. */
function called(fn: MapRequest["fn"], item: unknown, index: number): Promise<unknown> {
  try {
    return Promise.resolve(fn(item, index));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** The key of each item: by the option, else the property that the build saw in the item's type, else the index. */
function itemKeys(items: readonly unknown[], request: MapRequest, site: Site): readonly string[] {
  const { options, itemKey } = request;
  if (!options.key) {
    if (itemKey === undefined) return items.map((_, index) => String(index));
    return items.map((item, index) => String((item as Record<string, unknown> | null | undefined)?.[itemKey] ?? index));
  }
  const keys = items.map((item, index) => String(options.key?.(item, index)));
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
