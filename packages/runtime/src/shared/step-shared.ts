/** The shared state as the attempts of one step reach it: answers what they ask, and holds what they claim until they end. */
import { encodeError, type SharedAnswer, type SharedAsk, type SharedEntry, type SharedWrite } from "@millrace/core";
import type { Draft, Place, RunHost } from "../steps/unit.js";
import { commitFact, type RunShared } from "./run-shared.js";

type Reply = (answer: SharedAnswer) => void;

/** What one step does with shared state. */
export class StepShared {
  readonly #shared: RunShared;
  readonly #place: Place;
  readonly #host: RunHost;
  /** Give up claims: of the attempt's success, and of what it wants to publish and cannot yet. */
  readonly #giveUps = new Set<() => void>();

  constructor(shared: RunShared, place: Place, host: RunHost) {
    this.#shared = shared;
    this.#place = place;
    this.#host = host;
  }

  /** Answers a question of the running attempt, now or later. */
  ask(ask: SharedAsk, reply: Reply): void {
    switch (ask.op) {
      case "get":
        return this.#answer(reply, () => [this.#shared.entry(ask.key)]);
      case "entries":
        return this.#answer(reply, () => this.#shared.entries());
      case "claim": {
        const keys = ask.keys.map(({ key }) => key);
        const newer = (): SharedEntry[] =>
          ask.keys.flatMap(({ key, version }) =>
            version !== undefined && this.#shared.isNewer(key, version) ? [this.#shared.entry(key)] : [],
          );
        this.#giveUps.add(this.#shared.claims.take(keys, () => this.#answer(reply, newer)));
        return;
      }
      case "publish":
        return this.#publish({ key: ask.key, value: ask.value }, reply);
    }
  }

  /** What is to be committed with the step's success. */
  facts(writes: readonly SharedWrite[]): readonly Draft[] {
    return writes.map((write) => commitFact(this.#place.key, write));
  }

  /** The step's settlement is committed, and with it what a success wrote. */
  settled(writes: readonly SharedWrite[]): void {
    this.#shared.commit(writes);
    this.ended();
  }

  /** The attempt is over: others may write what it has claimed. */
  ended(): void {
    const giveUps = [...this.#giveUps];
    this.#giveUps.clear();
    for (const giveUp of giveUps) giveUp();
  }

  #publish(write: SharedWrite, reply: Reply): void {
    const takeBack = this.#shared.publish(this.#place.key, write, this.#host, () => {
      this.#giveUps.delete(takeBack);
      reply({ type: "entries", entries: [] });
    });
    this.#giveUps.add(takeBack);
  }

  #answer(reply: Reply, find: () => readonly SharedEntry[]): void {
    let answer: SharedAnswer;
    try {
      answer = { type: "entries", entries: find() };
    } catch (error) {
      // A file of the store that cannot be read is the error of whoever reads it.
      answer = { type: "refused", error: encodeError(error) };
    }
    reply(answer);
  }
}
