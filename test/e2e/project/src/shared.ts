/** Tasks and flows that share state, in every form and through helpers. */
import { setTimeout as pause } from "node:timers/promises";
import { defineTask, Flow, flow, param, type Shared, Task, type TaskShared, task } from "millrace";

declare module "millrace" {
  interface SharedState {
    count: number;
    note: string;
  }
}

const NOTE = "note";

/** Adds to the count, one by one. */
@task({ retry: { attempts: 3, delay: 1 } })
export class Add extends Task<number> {
  @param() times = 1;
  @param() failing = false;

  async run(): Promise<number> {
    for (let i = 0; i < this.times; i += 1) await plusOne(this.shared);
    await this.shared.set(`of ${this.info.step}`, new Uint8Array(this.times));
    if (this.failing && this.info.willRetry) throw new Error("again");
    return this.times;
  }
}

function plusOne(shared: Shared): Promise<number> {
  return shared.update("count", (n) => (n ?? 0) + 1);
}

/** Publishes, and waits until its neighbour has seen it and answered. */
export const ping = defineTask({
  id: "Ping",
  run: async (_: object, { shared }): Promise<string> => {
    await shared.publish("ping", { large: "x".repeat(400_000) });
    while (!(await shared.has("pong"))) await pause(1);
    return ((await shared.get("ping")) as { large: string }).large.slice(0, 3);
  },
});

export const pong = defineTask({
  id: "Pong",
  run: async (_: object, { shared }): Promise<number> => {
    let found: unknown;
    while (found === undefined) found = await read(shared, "ping");
    await shared.publish("pong", true);
    return (found as { large: string }).large.length;
  },
});

async function read(shared: TaskShared, key: string): Promise<unknown> {
  return (await shared.get(key)) ?? undefined;
}

/** Holds its thread, in the middle of asking. */
export const asks = defineTask({
  id: "Asks",
  run: async (_: object, { shared, log, signal }): Promise<void> => {
    log.info("asking");
    while (!signal.aborted) await shared.entries();
    await shared.set("too late", 1);
  },
});

/** Takes its thread down in its last hook: its success is decided, its keys are claimed, and nothing of it is committed. */
export const dies = defineTask({
  id: "Dies",
  hooks: { onDestroy: () => (process as unknown as { reallyExit(code: number): void }).reallyExit(0) },
  run: (_: object, { shared }): Promise<number> => plusOne(shared),
});

@flow()
export class Adds extends Flow<{ count: number; own: number; at: readonly (number | undefined)[] }> {
  @param() steps = 10;
  @param() times = 100;

  async run(): Promise<{ count: number; own: number; at: readonly (number | undefined)[] }> {
    await this.shared.update("begun", (n) => Number(n ?? 0) + 1);
    const before = await this.shared.get("count");
    const items = Array.from({ length: this.steps }, (_, i) => i);
    await this.map(items, async (i) => {
      await this.call(Add, { times: this.times, failing: i % 3 === 0 });
      await noted(this.shared, i);
    });
    const half = await this.shared.get("count").then((n) => n ?? 0);
    if (half > 1) await this.call(Add);
    const own = await this.shared.update("own", (n) => Number(n ?? 0) + half);
    return { count: (await this.shared.get("count")) ?? 0, own: Number(own), at: [before, half] };
  }
}

async function noted(shared: Shared, i: number): Promise<void> {
  await shared.set(NOTE, `item ${i}`);
}

@flow()
export class PingPong extends Flow<readonly [string, number]> {
  async run(): Promise<readonly [string, number]> {
    return Promise.all([this.call(ping), this.call(pong)]);
  }
}

@flow()
export class Mourns extends Flow<readonly [unknown, string | undefined]> {
  async run(): Promise<readonly [unknown, string | undefined]> {
    const end = this.attempt(dies);
    await Promise.all([this.call(Add), this.call(Add), this.call(Add)]);
    const { status } = await end;
    return [await this.shared.get("count"), status];
  }
}

/** Shares something large, and reads it again when it is told to. */
@flow()
export class Keeps extends Flow<number> {
  async run(): Promise<number> {
    await this.shared.set("large", "y".repeat(400_000));
    await this.waitFor("go");
    return String(await this.shared.get("large")).length;
  }
}

@flow()
export class AsksOn extends Flow<void> {
  async run(): Promise<void> {
    await this.call(asks);
  }
}
