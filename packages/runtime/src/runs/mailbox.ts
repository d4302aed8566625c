/** Messages of one run: each goes to one wait of its name, first come, first served on both sides. */
import type { MessageReceived, StoredBytes } from "@millrace/core";
import { appendTo } from "@millrace/core";

type Receiver = (value: StoredBytes) => void;

/** What has come and what is waited for. */
export class Mailbox {
  readonly #kept = new Map<string, StoredBytes[]>();
  readonly #receivers = new Map<string, Receiver[]>();

  /** @param kept Messages on record that no wait has got. */
  constructor(kept: Iterable<Pick<MessageReceived, "name" | "value">>) {
    for (const { name, value } of kept) appendTo(this.#kept, name, value);
  }

  /** A message whose fact has been committed. */
  put({ name, value }: Pick<MessageReceived, "name" | "value">): void {
    const receiver = this.#receivers.get(name)?.shift();
    if (receiver) receiver(value);
    else appendTo(this.#kept, name, value);
  }

  /** Hands over the next message of that name, at once if one is kept. The function given back ends the waiting. */
  take(name: string, receive: Receiver): () => void {
    const kept = this.#kept.get(name)?.shift();
    if (kept) {
      receive(kept);
      return () => {};
    }
    appendTo(this.#receivers, name, receive);
    return () => {
      const receivers = this.#receivers.get(name) ?? [];
      const at = receivers.indexOf(receive);
      if (at >= 0) receivers.splice(at, 1);
    };
  }
}
