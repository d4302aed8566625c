/**
 * What compiled code calls: `flow build` gives every call its site and runs helpers and callbacks in frames. Users
 * never write these. Frames live in one AsyncLocalStorage for the process, shared by all copies of this package.
 *
 *   this.call(X, p)            →  this.call(X, p, $site("…"))
 *   this.map(items, fn)        →  this.map(items, fn, $site("…", "id"))           (items whose type declares `id` or `key`)
 *   await this.helper(a, b)    →  await $method("…", this, "helper", [a, b])
 *   helper(a)                  →  $procedure("…", helper, [a])
 *   this.latest                →  $get("…", this, "latest")            (an accessor)
 *   tag`…`                     →  $tag("…", tag)`…`
 *   for (const x of pages())   →  for (const x of $iterate("…", pages()))         (and spreads, and `yield*`)
 *   items.map(fn)              →  items.map($callback("…", fn))        (or with a key: $callback("…", fn, (x) => x.id))
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Site } from "@millrace/core";

const STAMP: unique symbol = Symbol.for("millrace.stamp");

/** The build's name of a call, handed on as an extra last argument. */
interface Stamp {
  readonly [STAMP]: Site;
  /** Property that names an item of a map, if the items' type declares one. */
  readonly itemKey: string | undefined;
}

/** Marks a call with its site; `itemKey` is the property that names an item of a map. */
export function $site(site: string, itemKey?: string): Stamp {
  return { [STAMP]: site as Site, itemKey };
}

/** Separates the stamp from the author's arguments. */
export function splitStamp(args: readonly unknown[]): {
  readonly site: Site | undefined;
  readonly itemKey: string | undefined;
  readonly rest: readonly unknown[];
} {
  const last = args.at(-1);
  if (typeof last === "object" && last !== null && STAMP in last) {
    const stamp = last as Stamp;
    return { site: stamp[STAMP], itemKey: stamp.itemKey, rest: args.slice(0, -1) };
  }
  return { site: undefined, itemKey: undefined, rest: args };
}

/** One frame of a running body. */
export interface Frame {
  /** Site of the helper call or of the map. */
  readonly site: Site;
  /** Item of a map; undefined for helper calls. */
  readonly item:
    | { readonly key: string /** The execution of the map that this item belongs to. */; readonly execution: object }
    | undefined;
  /** The frame around it. */
  readonly parent: Frame | undefined;
}

const STORAGE = Symbol.for("millrace.frames");
const shared = globalThis as { [STORAGE]?: AsyncLocalStorage<Frame | undefined> };
shared[STORAGE] ??= new AsyncLocalStorage<Frame | undefined>();
const frames: AsyncLocalStorage<Frame | undefined> = shared[STORAGE];

/** The innermost frame at this point of execution. */
export function currentFrame(): Frame | undefined {
  return frames.getStore();
}

/** Runs `fn` inside a frame; `undefined` clears all frames (the start of a body). */
export function runInFrame<T>(frame: Frame | undefined, fn: () => T): T {
  return frames.run(frame, fn);
}

type AnyFunction = (...args: unknown[]) => unknown;

const ORIGINS = Symbol.for("millrace.frame-origins");
const holder = globalThis as { [ORIGINS]?: WeakMap<object, Frame> };
holder[ORIGINS] ??= new WeakMap<object, Frame>();
const origins: WeakMap<object, Frame> = holder[ORIGINS];

/** The frame of the helper or callback that gave this promise; undefined if none did. */
export function frameOf(promise: object): Frame | undefined {
  return origins.get(promise);
}

/** Runs `fn` in a new frame inside the present one. Whoever gets the promise that it gives can ask for the frame. */
function inFrame(site: string, item: Frame["item"], fn: () => unknown): unknown {
  const frame: Frame = { site: site as Site, item, parent: frames.getStore() };
  const result = frames.run(frame, fn);
  if (result instanceof Promise) origins.set(result, frame);
  return result;
}

/** Calls a function that reaches a step. */
export function $procedure(site: string, fn: AnyFunction, args: readonly unknown[]): unknown {
  return inFrame(site, undefined, () => fn(...args));
}

/** Calls a method that reaches a step; the receiver has been evaluated once. */
export function $method(
  site: string,
  receiver: Record<PropertyKey, AnyFunction>,
  name: PropertyKey,
  args: readonly unknown[],
): unknown {
  return inFrame(site, undefined, () => receiver[name]?.(...args));
}

/** Calls `super.name(…)`, where the function is found on the parent class and the receiver is `this`. */
export function $super(site: string, receiver: unknown, fn: AnyFunction, args: readonly unknown[]): unknown {
  return inFrame(site, undefined, () => fn.apply(receiver, args as unknown[]));
}

/** Reads an accessor that reaches a step; the receiver has been evaluated once. */
export function $get(site: string, receiver: Record<PropertyKey, unknown>, name: PropertyKey): unknown {
  return inFrame(site, undefined, () => receiver[name]);
}

/** Wraps the tag of a template, if it reaches a step. */
export function $tag(site: string, tag: AnyFunction, receiver?: unknown): AnyFunction {
  return (...args) => inFrame(site, undefined, () => tag.apply(receiver, args));
}

/** Wraps what is iterated over: whatever a generator or iterator does runs in one frame. Other values pass as they are. */
export function $iterate(site: string, iterable: unknown): unknown {
  const frame: Frame = { site: site as Site, item: undefined, parent: frames.getStore() };
  const source = iterable as Partial<Record<symbol, () => Record<string, AnyFunction | undefined>>> | null | undefined;
  const framed: Record<symbol, () => unknown> = {};
  for (const key of [Symbol.iterator, Symbol.asyncIterator]) {
    if (typeof source?.[key] !== "function") continue;
    framed[key] = () => {
      const iterator = frames.run(frame, () => (source as Record<symbol, () => Record<string, AnyFunction>>)[key]?.());
      const wrapped: Record<string, AnyFunction> = {};
      for (const name of ["next", "return", "throw"]) {
        // What an iterator does not have must stay absent: the language asks for it.
        if (typeof iterator?.[name] !== "function") continue;
        wrapped[name] = (...args) => frames.run(frame, () => iterator[name]?.(...args));
      }
      return wrapped;
    };
  }
  return Object.getOwnPropertySymbols(framed).length === 0 ? iterable : framed;
}

/** Wraps the callback of an array method, so that each item runs in a frame of its own. */
export function $callback(site: string, fn: AnyFunction, key?: (item: unknown) => unknown): AnyFunction {
  const execution = {};
  return (...args) => {
    const name = key ? key(args[0]) : args[1];
    return inFrame(site, { key: String(name), execution }, () => fn(...args));
  };
}
