/** Messages of one run: each goes to one wait of its name, first come, first served on both sides. */
import { appendTo, type MessageReceived } from "@millrace/core";

/** What a wait asks for. */
export interface Receiver {
  readonly name: string;
  /** Only a message that came by then counts, ms since 1970; undefined: any. */
  readonly until: number | undefined;
  receive(message: MessageReceived): void;
}

/** What has come and what is waited for. */
export class Mailbox {
  readonly #known: Set<string>;
  readonly #kept = new Map<string, MessageReceived[]>();
  readonly #receivers = new Map<string, Receiver[]>();

  /** @param messages All on record. @param claimed Ids of those that a wait has got. */
  constructor(messages: readonly MessageReceived[], claimed: ReadonlySet<string>) {
    this.#known = new Set(messages.map(({ id }) => id));
    for (const message of messages) if (!claimed.has(message.id)) appendTo(this.#kept, message.name, message);
  }

  /** True the first time: a message that its sender sent again is the same one. */
  isNew(id: string): boolean {
    if (this.#known.has(id)) return false;
    this.#known.add(id);
    return true;
  }

  /** A message whose fact has been committed. */
  put(message: MessageReceived): void {
    const receivers = this.#receivers.get(message.name) ?? [];
    const at = receivers.findIndex(({ until = Number.POSITIVE_INFINITY }) => message.at <= until);
    if (at < 0) appendTo(this.#kept, message.name, message);
    else for (const receiver of receivers.splice(at, 1)) receiver.receive(message);
  }

  /** Hands over the next message of that name, at once if one is kept. The function given back ends the waiting. */
  take(receiver: Receiver): () => void {
    const { name, until = Number.POSITIVE_INFINITY } = receiver;
    const kept = this.#kept.get(name) ?? [];
    if (kept[0] && kept[0].at <= until) {
      receiver.receive(kept.shift() as MessageReceived);
      return () => {};
    }
    // One that came too late for it is not for it, but nor is any that comes later.
    if (kept.length > 0) return () => {};
    appendTo(this.#receivers, name, receiver);
    return () => {
      const receivers = this.#receivers.get(name) ?? [];
      const at = receivers.indexOf(receiver);
      if (at >= 0) receivers.splice(at, 1);
    };
  }
}
