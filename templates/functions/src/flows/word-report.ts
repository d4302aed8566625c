/** A flow decides: its body is ordinary TypeScript on the main thread, and each call in it is a recorded step. */
import { defineFlow } from "millrace";
import { countWords } from "../tasks/count-words.js";
import { writeSummary } from "../tasks/write-summary.js";

/** What `wordReport` is started with. */
interface Files {
  /** Text files to count. */
  readonly files: string[];
}

export const wordReport = defineFlow({
  id: "WordReport",
  async run({ files }: Files, flow): Promise<string> {
    const counts = await flow.map(files, (file) => flow.call(countWords, { file }), { concurrency: 4 });
    return flow.call(writeSummary, { counts });
  },
});
