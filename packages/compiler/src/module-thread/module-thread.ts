/** The thread that compiles modules, from outside. One serves all projects of a process, and keeps none alive. */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { bug } from "@millrace/core";
import { moduleFactsOf } from "../emit/module-facts.js";
import type { FromThread, Order, ToThread } from "./messages.js";

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

let running: ModuleThread | undefined;

/** Gives an order of no consequence: where no thread runs, nobody has to carry it out. */
export function tellModuleThread(order: Order): void {
  running?.ask(order).catch(() => {});
}

/** The thread of this process; a new one if there is none. */
export function moduleThread(): ModuleThread {
  running ??= new ModuleThread(() => {
    running = undefined;
  });
  return running;
}

/** Takes orders and answers the thread's questions. */
class ModuleThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #asked = 0;

  constructor(ended: () => void) {
    const entry = createRequire(import.meta.url).resolve("@millrace/compiler/module-thread");
    // Options of the process are not for its threads: profilers and preloaded modules would run twice.
    this.#worker = new Worker(entry, { name: "millrace-modules", execArgv: [] });
    this.#worker.on("message", (message: FromThread) => this.#take(message));
    let cause: unknown;
    this.#worker.on("error", (error) => {
      cause = error;
    });
    this.#worker.on("exit", (code) => {
      ended();
      for (const { reject } of this.#pending.values()) {
        reject(bug("the thread that compiles modules has ended", { code, cause: String(cause) }));
      }
      this.#pending.clear();
    });
    // Last: listening holds the process.
    this.#worker.unref();
  }

  /** Resolves with the answer to an order. Rejects with what went wrong there. */
  ask(order: Order): Promise<unknown> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.ref();
      this.#say({ type: "order", id, order });
    });
  }

  #take(message: FromThread): void {
    if (message.type === "read") {
      const { question, text, file } = message;
      this.#say({ type: "facts", question, facts: moduleFactsOf(text, file) });
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (message.type === "done") pending?.resolve(message.answer);
    else pending?.reject(message.error);
  }

  #say(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}
