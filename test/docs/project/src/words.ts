/** What the samples of docs/testing.md are about: files whose words are counted. */
import { readFile } from "node:fs/promises";
import { Flow, flow, param, Task, task } from "millrace";

@task
export class CountWords extends Task<number> {
  @param() file!: string;
  async run(): Promise<number> {
    return (await readFile(this.file, "utf8")).split(/\s+/).length;
  }
}

@flow
export class WordReport extends Flow<number[]> {
  @param() files!: string[];
  run(): Promise<number[]> {
    return this.map(this.files, (file) => this.call(CountWords, { file }));
  }
}
