/** What all bodies of one run share. The run controller provides it; the flow driver consumes it. */
import type {
  AbortCause,
  Decision,
  GraphWitness,
  JobGraph,
  MillraceError,
  Site,
  StepKey,
  StepRecords,
} from "@millrace/core";
import type { OpenResources } from "../attempt/open-resources.js";
import type { Code } from "../builds/code.js";
import type { RunShared } from "../shared/run-shared.js";
import type { Dispatcher } from "../steps/dispatcher.js";
import type { ResultCache } from "../steps/result-cache.js";
import type { Place, RunHost, Unit, UnitSettled, Waiting } from "../steps/unit.js";
import type { Mailbox } from "./mailbox.js";
import type { RunPast } from "./run-past.js";
import type { RunTimers } from "./run-timers.js";
import type { ThreadUse } from "./thread-use.js";

/** How a body ended. */
export type BodyEnd =
  | { readonly state: "succeeded"; readonly value: Uint8Array }
  | { readonly state: "failed"; readonly error: Uint8Array; readonly blamed: readonly StepKey[] }
  /** It was stopped from outside. */
  | { readonly state: "aborted"; readonly message: string };

/** A running body (a flow's or a job graph's), as its run and its caller see it. */
export interface Body {
  /** Flow id, or name of the graph. */
  readonly flow: string;
  /** Units settled inside so far, over all levels. */
  readonly steps: number;
  /** Keys of what a later life tries again if this one is ended from outside: what did not succeed so far, where that is for the body to say. */
  readonly blamed: readonly StepKey[];
  /** The body waits and nothing that it has issued can settle. */
  readonly waitsForNothing: boolean;
  /** Runs it to its end. Never rejects. */
  run(params: object): Promise<BodyEnd>;
  /** Stops delivering and aborts everything that runs; its code does not go on. */
  freeze(cause: AbortCause, message: string): Promise<void>;
  /** What it waits for, if that is time or messages and nothing else; undefined if it works, or waits for nothing. */
  waiting(): readonly Waiting[] | undefined;
  /** Its last calls, for messages. */
  describe(): string;
  /** Where each unit stands that it has issued and that is not settled, oldest first, for messages. */
  inFlight(): readonly string[];
}

/** What a call opens: the body of a flow or of a graph. */
export type Opened = { readonly flow: string } | { readonly graph: JobGraph };

/** How a call ends that never begins. */
export interface UnbegunEnd {
  readonly state: "skipped" | "failed";
  /** Why. */
  readonly error: unknown;
}

/** A call that a body has issued. */
export interface IssuedCall {
  readonly place: Place;
  /** Its outcome depends on its identity alone, so that a record of any site serves. */
  readonly anySite: boolean;
  /** It is work for a thread that the body means to hear of. */
  readonly isWork: boolean;
  /** Its result is handed on unread. */
  readonly asRef: boolean;
  /** Its parameters: the caller's own object, to be read at once. */
  readonly given: object;
  /** How old a result may be that an equal step of another run shares, ms; undefined if it takes none. */
  readonly sharedTtlMs: number | undefined;
  /** Undefined for what has no body of its own. */
  readonly opens: Opened | undefined;
  /** Set if it never begins: all that it does is to be recorded. */
  readonly unbegun?: UnbegunEnd | undefined;
}

/** One run, as its bodies see it. */
export interface RunScope {
  readonly host: RunHost;
  readonly code: Code;
  readonly dispatcher: Dispatcher;
  readonly cache: ResultCache;
  /** What the steps and bodies of the run share. */
  readonly sharedState: RunShared;
  /** Those of the main thread. */
  readonly resources: OpenResources;
  /** How its steps use their threads. */
  readonly threadUse: ThreadUse;
  /** Seed of the run's generators. */
  readonly seed: string;
  /** What runs must conform to its graph. */
  readonly strict: boolean;
  /** Hears what a body has shown of its flow's graph; undefined if nobody listens. */
  readonly witness: ((flow: string, shown: GraphWitness) => void) | undefined;
  /** What is on record. */
  readonly past: RunPast;
  /** What becomes of a call. */
  decide(call: IssuedCall, records: StepRecords<UnitSettled>): Decision<UnitSettled>;
  /** The unit of a call that is not restored. */
  unit(place: Place, make: () => Unit, settled: (fact: UnitSettled) => void): Unit;
  /** A breakpoint holds what stands there, or held it and has let it go. */
  wasHeld(key: StepKey): boolean;
  /** A unit settled in this life of the run. */
  settled(fact: UnitSettled): void;
  /** A unit is restored from its record. */
  restored(record: UnitSettled, place: Place): void;
  /** Records that a body never asked for. */
  orphans(records: readonly UnitSettled[]): void;
  /** What the store holds cannot be read: the run stops here, and nothing more is written. */
  lose(error: Error): void;
  /** Nothing that needs a thread can begin: the run stops here, and another owner can go on. */
  halt(error: MillraceError): void;
  /** An unchanged body did not ask for its next record. */
  diverged(record: UnitSettled): void;
  /** A call that a strict run does not allow: the run fails, whatever its bodies make of it. @throws the error given. */
  refuse(error: MillraceError): never;
  /** A call whose site the manifest does not know: a strict run refuses it. @throws MillraceError `unknown-site`. */
  unknownSite(flow: string, site: Site): void;
  /** Messages from outside. */
  readonly mailbox: Mailbox;
  /** Ends of sleeps and waits. */
  readonly timers: RunTimers;
  /** A body waits and nothing that it has issued can settle. */
  atRest(body: Body): void;
  /** A body waits for time or messages: if all of the run does, it may stop here. */
  onlyWaits(): void;
}
