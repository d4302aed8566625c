/** A task whose every execution can be told apart: a fresh nonce as result, a line in a journal as evidence. */
import { createHash, randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { param, Task, task } from "millrace";

/** What one execution leaves behind. */
export interface Mark {
  step: string;
  nonce: string;
  /** Makes some results large enough for a content file. */
  filler: string;
}

@task({ retry: { attempts: 2 } })
export class Nonce extends Task<Mark> {
  /** Tells steps of one site apart. */
  @param() label!: string;
  /** Size of the result, characters. */
  @param() size = 0;

  async run(): Promise<Mark> {
    const journal = process.env.CRASH_JOURNAL;
    if (journal === undefined) throw new Error("CRASH_JOURNAL names no file");
    await this.shared.update("steps", (n) => ((n as number | undefined) ?? 0) + 1);
    appendFileSync(journal, `${this.info.step}\n`);
    const nonce = randomUUID();
    let digest = nonce;
    for (let i = 0; i < 400; i++) digest = createHash("sha256").update(digest.repeat(20)).digest("hex");
    return { step: this.info.step, nonce, filler: digest.slice(0, 1).repeat(this.size) };
  }
}
