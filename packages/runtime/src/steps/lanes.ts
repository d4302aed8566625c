/** The lanes of an engine's executors, by kind, and which of them has room for a job. Special ones are opened when somebody needs them. */
import type { Executor, Lane, LaneEvent, LaneKind } from "@millrace/core";
import type { CommandKind, WorkKind } from "./admission/limits.js";
import type { LaneState } from "./lane-state.js";
import { LightLanes } from "./light-lanes.js";

/** What room a job needs. */
export interface RoomNeed {
  readonly kind: WorkKind;
  /** Expected work, ms. */
  readonly expectedMs: number;
  /** It is not to be queued behind anything. */
  readonly alone: boolean;
  /** Of a light one: the share of a thread that it takes. */
  readonly share: number;
}

/** Work queued ahead on one lane, ms. */
export const AHEAD_MS = 4;
/** Behind one job that is expected to take no longer than this, ms, the next one stands ready: its thread need not wait for it. */
export const NEXT_MS = 100;
/** Jobs queued ahead on one lane at most. */
const AHEAD_JOBS = 256;
/** While others of its kind work, a lane that was lost is opened again after so long, ms. */
const REOPEN_MS = 10_000;

/** Where jobs run. */
export interface Executors {
  /** Attempts of tasks. */
  readonly tasks: Executor;
  /** Commands of `shell` nodes. */
  readonly commands: Executor;
  /** Commands of `container` nodes. */
  readonly containers: Executor;
}

/** The kinds of commands that run on other machines. */
export function kindsElsewhere({ commands, containers }: Executors): readonly CommandKind[] {
  return [...(commands.elsewhere ? ["shell" as const] : []), ...(containers.elsewhere ? ["container" as const] : [])];
}

/** Those whose lanes have one job at a time, in a place that no other lane shares. */
type SpecialKind = Exclude<WorkKind, "plain" | "light">;
type OnEvents = (events: readonly LaneEvent[]) => void;
/** Who opens lanes of which kind. */
type Openers = { readonly [K in WorkKind]: (on: OnEvents, thread: number) => Lane };

/** A lane has broken. */
interface Loss {
  readonly error: Error;
  /** ms since 1970. */
  readonly at: number;
}

/** All lanes. All but plain ones have one job at a time. */
export class Lanes<E> {
  readonly #openers: Openers;
  readonly #on: (state: LaneState<E>, events: readonly LaneEvent[]) => void;
  readonly #plain = new Set<LaneState<E>>();
  readonly #light: LightLanes<E>;
  readonly #special: { readonly [K in SpecialKind]: Set<LaneState<E>> };
  readonly #most: { readonly [K in WorkKind]: number };
  /** The last loss of each kind that has not been made good. */
  readonly #lost = new Map<WorkKind, Loss>();

  /** @param most Lanes of a kind that are worth opening, whatever the executors have. */
  constructor(executors: Executors, most: number, on: (state: LaneState<E>, events: readonly LaneEvent[]) => void) {
    this.#openers = openersOf(executors);
    this.#on = on;
    const { tasks, commands, containers } = executors;
    const { light = { threads: 0, lanes: 0 }, isolated = 0 } = tasks.special ?? {};
    this.#light = new LightLanes({
      ...light,
      open: (thread) => (this.#lost.has("light") ? undefined : this.#open("light", thread)),
    });
    this.#special = { isolated: new Set(), shell: new Set(), container: new Set() };
    this.#most = {
      plain: Math.min(tasks.width, most),
      light: Math.min(light.threads * light.lanes, most),
      isolated: Math.min(isolated, most),
      shell: Math.min(commands.width, most),
      container: Math.min(containers.width, most),
    };
    this.#openPlain();
  }

  /** The kind of lane that a step gets which asks for this one. */
  kindFor(asked: WorkKind): WorkKind {
    return asked === "plain" || this.#most[asked] === 0 ? "plain" : asked;
  }

  /** The lane with the least work that can take a job; undefined if none can now. */
  roomFor(need: RoomNeed): LaneState<E> | undefined {
    const { kind } = need;
    if (kind === "light") return this.#light.roomFor(need.share);
    if (kind !== "plain") return this.#idleSpecial(kind);
    let best: LaneState<E> | undefined;
    for (const state of this.#plain) {
      if (!fits(state, need)) continue;
      const fewer = !best || state.load < best.load;
      if (fewer || (state.load === best?.load && state.inFlight.size < best.inFlight.size)) best = state;
    }
    return best;
  }

  /** Readies the plain lane that gets the next job, if all idle: a busy one shows that threads are warm. */
  warm(): void {
    const [first] = this.#plain;
    if ([...this.#plain].every(({ inFlight }) => inFlight.size === 0)) first?.lane.warm?.();
  }

  /** True if a plain lane has nothing to do. */
  get idle(): boolean {
    for (const { inFlight } of this.#plain) if (inFlight.size === 0) return true;
    return false;
  }

  /** The plain lane with the most jobs, if it has some queued while another idles. */
  get unbalanced(): LaneState<E> | undefined {
    let donor: LaneState<E> | undefined;
    for (const state of this.#plain) {
      if (state.inFlight.size > 1 && state.inFlight.size > (donor?.inFlight.size ?? 1)) donor = state;
    }
    return this.idle ? donor : undefined;
  }

  /** The plain lanes with jobs queued behind others. */
  get queued(): readonly LaneState<E>[] {
    return [...this.#plain].filter(({ inFlight }) => inFlight.size > 1);
  }

  /** Takes a broken lane out. @param at ms since 1970. */
  drop(state: LaneState<E>, error: Error, at: number): void {
    if (state.kind === "light") this.#light.drop(state);
    else this.#setOf(state.kind).delete(state);
    this.#lost.set(state.kind, { error, at });
  }

  /** Why no lane of a kind is left, if none is: what waits for one waits in vain. */
  lossOf(kind: WorkKind): Error | undefined {
    const lost = this.#lost.get(kind);
    return lost && this.#count(kind) === 0 ? lost.error : undefined;
  }

  /** There is something new to do: lanes that were lost may be opened again, at once if none of their kind is left, else after a while. @param now ms since 1970. */
  restore(kind: WorkKind, now: number): void {
    const lost = this.#lost.get(kind);
    if (!lost || (this.#count(kind) > 0 && Math.abs(now - lost.at) < REOPEN_MS)) return;
    this.#lost.delete(kind);
    if (kind === "plain") this.#openPlain();
  }

  /** Closes all; fulfils when nothing is in flight. */
  async close(): Promise<void> {
    const others = [this.#plain, ...Object.values(this.#special)].flatMap((states) => [...states]);
    const all = [...this.#light.all, ...others];
    await Promise.all(all.map(({ lane }) => lane.close()));
  }

  #idleSpecial(kind: SpecialKind): LaneState<E> | undefined {
    const states = this.#special[kind];
    for (const state of states) if (state.inFlight.size === 0) return state;
    if (states.size >= this.#most[kind] || this.#lost.has(kind)) return undefined;
    const opened = this.#open(kind);
    states.add(opened);
    return opened;
  }

  #openPlain(): void {
    while (this.#plain.size < this.#most.plain) this.#plain.add(this.#open("plain"));
  }

  #setOf(kind: Exclude<WorkKind, "light">): Set<LaneState<E>> {
    return kind === "plain" ? this.#plain : this.#special[kind];
  }

  #count(kind: WorkKind): number {
    return kind === "light" ? this.#light.all.length : this.#setOf(kind).size;
  }

  #open(kind: WorkKind, thread = 0): LaneState<E> {
    const lane = this.#openers[kind]((events) => this.#on(state, events), thread);
    const state: LaneState<E> = { lane, kind, inFlight: new Map(), load: 0, weight: 0 };
    return state;
  }
}

function fits({ inFlight, load }: LaneState<unknown>, { expectedMs, alone }: RoomNeed): boolean {
  if (inFlight.size === 0) return true;
  if (alone) return false;
  return (inFlight.size === 1 && load <= NEXT_MS) || (load + expectedMs <= AHEAD_MS && inFlight.size < AHEAD_JOBS);
}

function openersOf({ tasks, commands, containers }: Executors): Openers {
  const ofTasks = (kind: LaneKind) => (on: OnEvents, thread: number) => tasks.openLane(on, kind, thread);
  return {
    plain: ofTasks("plain"),
    light: ofTasks("light"),
    isolated: ofTasks("isolated"),
    shell: (on) => commands.openLane(on),
    container: (on) => containers.openLane(on),
  };
}
