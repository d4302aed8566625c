/** Tasks that tests control. */
import { appendFileSync, existsSync } from "node:fs";
import { param, type Secret, Task, task } from "millrace";

/** Says who ran; fails while a file is missing. */
@task()
export class Probe extends Task<{ name: string; count: number; rows: { id: number; label: string }[] }> {
  @param() name!: string;
  /** Gets a line for each run. */
  @param() journal?: string;
  /** Fails while it is not there. */
  @param() needs?: string;

  run(): { name: string; count: number; rows: { id: number; label: string }[] } {
    this.#note("run");
    if (this.needs !== undefined && !existsSync(this.needs)) throw new Error(`${this.needs} is missing`);
    return { name: this.name, count: this.name.length, rows: [{ id: 1, label: `row of ${this.name}` }] };
  }

  override onRestart(): void {
    this.#note("restart");
  }

  #note(what: string): void {
    if (this.journal !== undefined) appendFileSync(this.journal, `${what} ${this.name}\n`);
  }
}

/** Gives back what it is given. */
@task()
export class Echo extends Task<string> {
  @param() text!: string;
  @param() times = 1;
  @param() flag?: boolean | null;
  @param() more?: { items: string[]; depth: number };

  run(): string {
    return JSON.stringify({ text: this.text, times: this.times, flag: this.flag, more: this.more });
  }
}

/** Tells how long a secret is. */
@task()
export class Login extends Task<number> {
  @param() password!: Secret;

  async run(): Promise<number> {
    return (await this.password.reveal()).length;
  }
}
