/** What the sample of docs/adapters.md uses, as types: it is compiled and never runs. */
import type { Checkpointer, Clock, Executor, Observer, RunStore } from "@millrace/core";

export declare function newSchema(): Promise<string>;
export declare function dropSchema(schema: string): Promise<void>;
export declare function openPostgresStore(options: {
  readonly schema: string;
  readonly clock: Clock;
}): Promise<RunStore>;
export declare const QueueExecutor: new () => Executor;
export declare function pagerObserver(options: { post(body: string): void }): Observer;
export declare const clusterClock: () => Clock;
export declare function newPrefix(): Promise<string>;
export declare function bucketCheckpointer(options: { prefix: string }): Checkpointer;
