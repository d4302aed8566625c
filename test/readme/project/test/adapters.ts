/** What the sample of docs/adapters.md uses, as types: it is compiled and never runs. */
import type { Clock, Executor, Observer, RunStore } from "@millrace/core";

export declare function newSchema(): Promise<string>;
export declare function dropSchema(schema: string): Promise<void>;
export declare function openPostgresStore(options: {
  readonly schema: string;
  readonly clock: Clock;
}): Promise<RunStore>;
export declare const QueueExecutor: new () => Executor;
export declare function webhookObserver(options: { post(body: string): void }): Observer;
export declare const clusterClock: () => Clock;
