/** A flow decides: its body is ordinary TypeScript on the main thread, and each call in it is a recorded step. */
import { Flow, flow, param } from "millrace";
import { CountWords } from "../tasks/count-words.js";
import { WriteSummary } from "../tasks/write-summary.js";

@flow
export class WordReport extends Flow<string> {
  /** Text files to count. */
  @param() files!: string[];

  async run(): Promise<string> {
    const counts = await this.map(this.files, (file) => this.call(CountWords, { file }), { concurrency: 4 });
    return this.call(WriteSummary, { counts });
  }
}
