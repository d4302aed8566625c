/** A logger, as docs/observers.md makes one. */
import type { Logger } from "millrace/engine";

export class SlackLogger implements Logger {
  readonly channel: string;
  constructor({ channel }: { readonly channel: string }) {
    this.channel = channel;
  }
  write(): void {}
}
